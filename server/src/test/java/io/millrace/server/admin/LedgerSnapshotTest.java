package io.millrace.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.pipeline.Progress;
import io.millrace.pipeline.ship.EntryId;
import io.millrace.pipeline.window.Watermark;
import io.millrace.server.admin.LedgerSnapshot.Balance;
import io.millrace.storage.postgres.query.StoredTotals;
import io.millrace.storage.postgres.query.StreamTotals;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LedgerSnapshotTest {
    private static final Instant THEN = Instant.parse("2026-03-01T12:00:00Z");

    @Test
    void shouldBalanceWhenEveryStoredEventIsAccountedFor() {
        // 90 of 100 gone through; of these 2 were lost, 3 duplicates, 1 poisoned. 50 in a stream of another node.
        final StoredTotals totals =
                new StoredTotals(104, 30, Map.of(), List.of(stream("other", 50, 0, 0, 0), stream("mine", 90, 3, 1, 2)));
        final LedgerSnapshot ledger = LedgerSnapshot.of(totals, Map.of("mine", progress(100, 95, 80)), Map.of());

        assertThat(ledger.balance()).isEqualTo(Balance.BALANCED);
        assertThat(ledger.accepted()).isEqualTo(150);
        assertThat(ledger.streamed()).isEqualTo(145);
        assertThat(ledger.stored()).isEqualTo(138);
        assertThat(ledger.inFlight()).isEqualTo(10);
        assertThat(ledger.difference()).isZero();
        assertThat(ledger.streams()).extracting(StreamLedger::stream).containsExactly("mine", "other");
        assertThat(ledger.accepted())
                .isEqualTo(ledger.counted()
                        + ledger.expired()
                        + ledger.duplicates()
                        + ledger.poisoned()
                        + ledger.lost()
                        + ledger.inFlight());
    }

    @Test
    void shouldSayByHowManyTheBooksDoNotBalance() {
        final StoredTotals totals = new StoredTotals(47, 0, Map.of(), List.of(stream("mine", 50, 0, 0, 0)));
        final LedgerSnapshot ledger = LedgerSnapshot.of(totals, Map.of("mine", progress(50, 50, 50)), Map.of());

        assertThat(ledger.balance()).isEqualTo(Balance.UNBALANCED);
        assertThat(ledger.difference()).isEqualTo(3);
        assertThat(ledger.unbalancedStreams()).isEmpty();
        assertThat(ledger.toJson()).startsWith("{\"balanced\":false,").contains("\"difference\":3");
    }

    @Test
    void shouldNameTheStreamOfWhichMoreIsStoredThanWasAccepted() {
        final StoredTotals totals =
                new StoredTotals(60, 0, Map.of(), List.of(stream("a", 10, 0, 0, 0), stream("b", 50, 0, 0, 0)));
        final LedgerSnapshot ledger =
                LedgerSnapshot.of(totals, Map.of("a", progress(20, 20, 10), "b", progress(49, 49, 49)), Map.of());

        assertThat(ledger.balance()).isEqualTo(Balance.UNBALANCED);
        assertThat(ledger.difference()).isZero();
        assertThat(ledger.unbalancedStreams()).extracting(StreamLedger::stream).containsExactly("b");
        assertThat(ledger.toJson()).contains("\"unbalancedStreams\":[\"b\"]");
    }

    @Test
    void shouldNameTheStreamOfWhichSomeEventsAreNotAccountedFor() {
        final StreamTotals bad = new StreamTotals("b", new Watermark(new EntryId(1, 50), 50, 40, 3, 2, 1), THEN);
        final StoredTotals totals = new StoredTotals(50, 0, Map.of(), List.of(stream("a", 10, 0, 0, 0), bad));
        final LedgerSnapshot ledger =
                LedgerSnapshot.of(totals, Map.of("a", progress(20, 20, 10), "b", progress(50, 50, 50)), Map.of());

        assertThat(ledger.balance()).isEqualTo(Balance.UNBALANCED);
        assertThat(ledger.difference()).isEqualTo(4);
        assertThat(ledger.unbalancedStreams()).singleElement().satisfies(stream -> {
            assertThat(stream.stream()).isEqualTo("b");
            assertThat(stream.difference()).isEqualTo(4);
        });
        assertThat(ledger.toJson()).contains("\"unbalancedStreams\":[\"b\"]");
    }

    @Test
    void shouldNameTheDayWhoseWindowsDoNotAddUp() {
        final StoredTotals totals =
                new StoredTotals(10, 0, Map.of(LocalDate.of(2026, 3, 1), -2L), List.of(stream("mine", 10, 0, 0, 0)));
        final LedgerSnapshot ledger = LedgerSnapshot.of(totals, Map.of("mine", progress(10, 10, 10)), Map.of());

        assertThat(ledger.balance()).isEqualTo(Balance.UNBALANCED);
        assertThat(ledger.toJson()).contains("\"unbalancedDays\":{\"2026-03-01\":-2}");
    }

    @Test
    void shouldCountAStreamThatPostgresHasNotHeardOfAsInFlight() {
        final LedgerSnapshot ledger = LedgerSnapshot.of(
                new StoredTotals(0, 0, Map.of(), List.of()), Map.of("mine", progress(7, 5, 0)), Map.of());

        assertThat(ledger.balance()).isEqualTo(Balance.BALANCED);
        assertThat(ledger.inFlight()).isEqualTo(7);
        assertThat(ledger.streamed()).isEqualTo(5);
    }

    @Test
    void shouldTakeWhatIsStoredForStreamed() {
        final StoredTotals totals = new StoredTotals(10, 0, Map.of(), List.of(stream("mine", 10, 0, 0, 0)));
        assertThat(LedgerSnapshot.of(totals, Map.of("mine", progress(12, 0, 0)), Map.of())
                        .streamed())
                .isEqualTo(10);
    }

    @Test
    void shouldTellWhatTheNodeKnowsWithoutPostgres() {
        final LedgerSnapshot ledger =
                LedgerSnapshot.of(null, Map.of("mine", progress(10, 8, 6)), Map.of("missing_action", 2L));

        assertThat(ledger.toJson())
                .isEqualTo(
                        "{\"balanced\":null,\"accepted\":10,\"streamed\":8,\"stored\":6,\"inFlight\":4,\"counted\":null,"
                                + "\"duplicates\":null,\"poisoned\":null,\"lost\":null,\"expired\":null,\"difference\":null,"
                                + "\"unbalancedStreams\":[],\"unbalancedDays\":{},\"rejected\":{\"missing_action\":2},"
                                + "\"streams\":[{\"stream\":\"mine\",\"local\":true,\"accepted\":10,\"streamed\":8,\"stored\":6,"
                                + "\"inFlight\":4,\"counted\":null,\"duplicates\":null,\"poisoned\":null,\"lost\":null,"
                                + "\"difference\":null,\"updatedAt\":null}]}");
    }

    @Test
    void shouldWriteTheContractsKeys() {
        final StoredTotals totals = new StoredTotals(9, 0, Map.of(), List.of(stream("mine", 10, 1, 0, 0)));
        final LedgerSnapshot ledger = LedgerSnapshot.of(
                totals, Map.of("mine", progress(12, 11, 10)), Map.of("too_long_element", 1L, "invalid_json", 4L));

        assertThat(ledger.toJson())
                .isEqualTo(
                        "{\"balanced\":true,\"accepted\":12,\"streamed\":11,\"stored\":10,\"inFlight\":2,\"counted\":9,"
                                + "\"duplicates\":1,\"poisoned\":0,\"lost\":0,\"expired\":0,\"difference\":0,"
                                + "\"unbalancedStreams\":[],\"unbalancedDays\":{},\"rejected\":{\"invalid_json\":4,\"too_long_element\":1},"
                                + "\"streams\":[{\"stream\":\"mine\",\"local\":true,\"accepted\":12,\"streamed\":11,\"stored\":10,"
                                + "\"inFlight\":2,\"counted\":9,\"duplicates\":1,\"poisoned\":0,\"lost\":0,\"difference\":0,"
                                + "\"updatedAt\":\"2026-03-01T12:00:00Z\"}]}");
    }

    private static Progress progress(final long accepted, final long streamed, final long stored) {
        final Progress progress = new Progress();
        progress.accepted(accepted);
        progress.streamed(streamed);
        progress.stored(stored);
        return progress;
    }

    private static StreamTotals stream(
            final String name, final long lastEvent, final long duplicates, final long poisoned, final long lost) {
        return new StreamTotals(
                name,
                new Watermark(
                        new EntryId(1, lastEvent),
                        lastEvent,
                        lastEvent - duplicates - poisoned - lost,
                        duplicates,
                        poisoned,
                        lost),
                THEN);
    }
}
