package io.millrace.server.admin;

import io.millrace.pipeline.Progress;
import io.millrace.pipeline.journal.Journal;
import io.millrace.pipeline.window.StoreException;
import io.millrace.storage.postgres.query.EventQueries;
import io.millrace.storage.postgres.query.StoredTotals;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Makes up the books of all streams from what the journals and PostgreSQL say. Thread-safe; blocks on PostgreSQL. */
public final class Ledger {
    private final Map<String, Progress> local;
    private final EventQueries queries;
    private final Supplier<Map<String, Long>> rejected;

    /**
     * Makes a ledger.
     *
     * @param journals all journals of this process; they may be closed while the ledger is used
     * @param queries null where the node has no PostgreSQL
     * @param rejected how many events were rejected, by code
     */
    public Ledger(
            final List<Journal> journals, final EventQueries queries, final Supplier<Map<String, Long>> rejected) {
        this.local = journals.stream().collect(Collectors.toMap(Journal::stream, Journal::progress));
        this.queries = queries;
        this.rejected = rejected;
    }

    /**
     * Makes up the books as of now.
     *
     * @param verify whether to add up all windows instead of the totals of the days
     * @throws StoreException if PostgreSQL did not answer in time
     */
    public LedgerSnapshot snapshot(final boolean verify) throws StoreException {
        // First what is stored, then what was accepted: no event can then be stored and not accepted.
        final StoredTotals totals = queries == null ? null : queries.totals(verify);
        return LedgerSnapshot.of(totals, local, rejected.get());
    }
}
