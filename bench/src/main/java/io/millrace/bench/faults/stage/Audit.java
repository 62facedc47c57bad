package io.millrace.bench.faults.stage;

import io.millrace.bench.load.EventLedger;
import io.millrace.bench.load.LedgerAudit;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.BitSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * What came of the events of a stage.
 *
 * @param sent by the client
 * @param answered with an acceptance
 * @param stored in the database, each as often as it is counted
 * @param lost answered, and not stored
 * @param doubled how often an event was counted again
 * @param invented how often something was counted that was not sent, or was refused
 * @param told how many events the server itself counts as lost, or set aside
 * @param unreadable how many journals it could not read, and keeps
 * @param unequal windows whose count is not the sum of their users'
 * @param balanced whether the server says that its books balance
 * @param statuses of answers other than acceptances and 503
 * @param examples of what is wrong
 */
public record Audit(
        long sent,
        long answered,
        long stored,
        long lost,
        long doubled,
        long invented,
        long told,
        int unreadable,
        long unequal,
        boolean balanced,
        Set<Integer> statuses,
        String examples) {
    private static final Set<Integer> EXPECTED = Set.of(200, 202, 503);
    private static final String UNEQUAL = """
            SELECT count(*) FROM aggregated_events a
            FULL JOIN (SELECT window_start, action, element, sum(count) AS count FROM user_events GROUP BY 1, 2, 3) u
            USING (window_start, action, element) WHERE a.count IS DISTINCT FROM u.count""";

    static Audit of(final Traffic traffic, final PostgresServer postgres, final AdminPort admin, final int unreadable)
            throws Exception {
        final EventLedger ledger = traffic.ledger();
        final LedgerAudit audit = ledger.audit(Traffic.USERS);
        addRows(audit, postgres);
        final LedgerAudit.Verdict verdict = audit.verdict();
        final String books = admin.get("/ledger?verify=full");
        final long accepted = ledger.accepted().cardinality();
        return new Audit(
                accepted + ledger.unanswered().cardinality() + ledger.refused().cardinality(),
                accepted,
                verdict.stored(),
                verdict.lost(),
                verdict.doubled(),
                verdict.invented(),
                AdminPort.number(books, "lost") + AdminPort.number(books, "poisoned"),
                unreadable,
                postgres.number(UNEQUAL),
                books.contains("\"balanced\":true"),
                unexpected(traffic),
                String.join(", ", verdict.examples()));
    }

    private static Set<Integer> unexpected(final Traffic traffic) {
        final Set<Integer> statuses = new TreeSet<>(traffic.statuses().keySet());
        statuses.removeAll(EXPECTED);
        return statuses;
    }

    private static void addRows(final LedgerAudit audit, final PostgresServer postgres) throws SQLException {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT user_id, count FROM user_events")) {
            while (rows.next()) {
                audit.row(rows.getString(1), rows.getLong(2));
            }
        }
    }

    /** How many of these events the database does not have. */
    public static long missing(final BitSet events, final PostgresServer postgres) throws SQLException {
        final BitSet missing = (BitSet) events.clone();
        for (final long event : postgres.numbers(
                "SELECT substr(user_id, " + (Traffic.USERS.length() + 1) + ")::bigint FROM user_events")) {
            missing.clear(Math.toIntExact(event));
        }
        return missing.cardinality();
    }

    /** The same without the events of one before, whose verdict stands. */
    public Audit since(final Audit before) {
        return new Audit(
                sent - before.sent,
                answered - before.answered,
                stored - before.stored,
                lost - before.lost,
                doubled,
                invented,
                told - before.told,
                unreadable - before.unreadable,
                unequal,
                balanced,
                statuses,
                examples);
    }

    /** Nothing twice, nothing invented, books and sums in order. */
    public boolean consistent() {
        return doubled == 0 && invented == 0 && unequal == 0 && balanced;
    }
}
