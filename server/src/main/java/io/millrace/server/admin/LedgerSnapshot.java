package io.millrace.server.admin;

import io.millrace.pipeline.Progress;
import io.millrace.storage.postgres.query.StoredTotals;
import io.millrace.storage.postgres.query.StreamTotals;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/**
 * The books of all streams at one moment. Immutable.
 *
 * @param balance whether they balance
 * @param counted events in the windows that are there
 * @param expired events in windows that retention has dropped
 * @param unbalancedDays by how many events more the total of a day says than its windows hold, for each day on which they
 *     differ; empty unless all windows were added up
 * @param rejected events that were never accepted, by code; of this process only
 * @param streams by name
 */
public record LedgerSnapshot(
        Balance balance,
        long counted,
        long expired,
        Map<LocalDate, Long> unbalancedDays,
        Map<String, Long> rejected,
        List<StreamLedger> streams) {
    public LedgerSnapshot {
        unbalancedDays = Map.copyOf(unbalancedDays);
        rejected = Map.copyOf(rejected);
        streams = List.copyOf(streams);
    }

    /** What can be said about the books. */
    public enum Balance {
        /** Every event that was accepted is counted, accounted for, or on its way. */
        BALANCED,
        /** Events are missing or too many. */
        UNBALANCED,
        /** There is no PostgreSQL to ask. */
        UNKNOWN
    }

    /**
     * Makes up the books.
     *
     * @param totals what PostgreSQL has, read before the progress of any stream; null where there is no PostgreSQL
     * @param local the progress of each stream whose journal is here
     */
    static LedgerSnapshot of(
            final StoredTotals totals, final Map<String, Progress> local, final Map<String, Long> rejected) {
        final Map<String, StreamLedger> streams = new TreeMap<>();
        if (totals == null) {
            local.forEach((stream, progress) -> streams.put(stream, StreamLedger.withoutStore(stream, progress)));
            return new LedgerSnapshot(Balance.UNKNOWN, 0, 0, Map.of(), rejected, List.copyOf(streams.values()));
        }
        final Map<String, StreamTotals> stored = new HashMap<>();
        totals.streams().forEach(stream -> stored.put(stream.stream(), stream));
        local.forEach(
                (stream, progress) -> streams.put(stream, StreamLedger.local(stream, progress, stored.remove(stream))));
        stored.forEach((stream, of) -> streams.put(stream, StreamLedger.remote(of)));
        final LedgerSnapshot open = new LedgerSnapshot(
                Balance.UNKNOWN,
                totals.counted(),
                totals.expired(),
                totals.dayDifferences(),
                rejected,
                List.copyOf(streams.values()));
        final boolean balanced = open.difference() == 0
                && open.unbalancedStreams().isEmpty()
                && open.unbalancedDays().isEmpty();
        return new LedgerSnapshot(
                balanced ? Balance.BALANCED : Balance.UNBALANCED,
                open.counted,
                open.expired,
                open.unbalancedDays,
                open.rejected,
                open.streams);
    }

    public long accepted() {
        return sum(StreamLedger::accepted);
    }

    public long streamed() {
        return sum(StreamLedger::streamed);
    }

    public long stored() {
        return sum(StreamLedger::stored);
    }

    public long inFlight() {
        return sum(StreamLedger::inFlight);
    }

    public long duplicates() {
        return sum(StreamLedger::duplicates);
    }

    public long poisoned() {
        return sum(StreamLedger::poisoned);
    }

    public long lost() {
        return sum(StreamLedger::lost);
    }

    /** By how many events more are stored than are accounted for: 0 in books that balance. */
    public long difference() {
        return stored() - counted - duplicates() - poisoned() - expired;
    }

    /** The streams whose own books do not balance. */
    public List<StreamLedger> unbalancedStreams() {
        return streams.stream().filter(stream -> !stream.isBalanced()).toList();
    }

    /** The JSON of {@code GET /ledger}, on one line. */
    public String toJson() {
        return LedgerJson.write(this).toString();
    }

    private long sum(final ToLongFunction<StreamLedger> value) {
        return streams.stream().mapToLong(value).sum();
    }
}
