package io.millrace.server.admin;

import io.millrace.pipeline.window.StoreException;
import java.util.Optional;
import org.agrona.concurrent.NanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last books that could be made up, so that a scrape of the metrics never waits for PostgreSQL. Thread-safe; one
 * thread at a time refreshes.
 */
final class LedgerCache {
    private static final Logger LOG = LoggerFactory.getLogger(LedgerCache.class);

    private final Ledger ledger;
    private final NanoClock clock;
    private volatile Entry last;

    LedgerCache(final Ledger ledger, final NanoClock clock) {
        this.ledger = ledger;
        this.clock = clock;
    }

    /** Makes up the books again; keeps the old ones if PostgreSQL does not answer. Blocks. */
    void refresh() {
        try {
            final LedgerSnapshot snapshot = ledger.snapshot(false);
            last = new Entry(snapshot, clock.nanoTime());
        } catch (final StoreException e) {
            // The aggregator says loudly that the store is away; here only the books grow old.
            LOG.debug("the ledger in the metrics is not refreshed: {}", e.getMessage());
        }
    }

    Optional<LedgerSnapshot> snapshot() {
        return Optional.ofNullable(last).map(Entry::snapshot);
    }

    /** How old the books are, in nanoseconds. */
    Optional<Long> ageNanos() {
        return Optional.ofNullable(last).map(entry -> clock.nanoTime() - entry.madeNanos());
    }

    private record Entry(LedgerSnapshot snapshot, long madeNanos) {}
}
