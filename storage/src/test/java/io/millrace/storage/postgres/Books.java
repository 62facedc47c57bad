package io.millrace.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.pipeline.window.StoreException;
import io.millrace.storage.postgres.query.EventQueries;
import io.millrace.storage.postgres.query.StoredTotals;
import io.millrace.storage.postgres.query.StreamTotals;

/** What must hold whatever happened. */
final class Books {
    private Books() {}

    /** Every event that the streams passed is accounted for, by the totals of the days and by the windows themselves. */
    static void assertBalanced(final PostgresSettings database) throws StoreException {
        try (EventQueries queries = new EventQueries(database)) {
            for (final boolean verify : new boolean[] {false, true}) {
                final StoredTotals totals = queries.totals(verify);
                long counted = 0;
                for (final StreamTotals stream : totals.streams()) {
                    assertThat(stream.watermark().difference())
                            .as(stream.toString())
                            .isZero();
                    counted += stream.watermark().counted();
                }
                assertThat(totals.counted() + totals.expired()).isEqualTo(counted);
                assertThat(totals.dayDifferences()).isEmpty();
            }
        }
    }
}
