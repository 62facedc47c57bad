package io.millrace.bench.faults;

import io.millrace.bench.faults.stage.Audit;
import java.util.Optional;

/**
 * What came of a row.
 *
 * @param rounds that were done
 * @param bit of these, how many bit
 * @param audit missing if the stage fell apart before
 * @param failure what went wrong, or why it was not run; empty if nothing
 * @param status the outcome
 */
record RowResult(Row row, int rounds, int bit, Optional<Audit> audit, String failure, Status status, double seconds) {
    /** The outcome of a row. */
    enum Status {
        GREEN,
        RED,
        NOT_RUN
    }

    static RowResult judge(
            final Row row,
            final int rounds,
            final int bit,
            final Audit audit,
            final boolean settled,
            final double seconds) {
        final String failure = fault(row, rounds, bit, audit, settled);
        return new RowResult(
                row, rounds, bit, Optional.of(audit), failure, failure.isEmpty() ? Status.GREEN : Status.RED, seconds);
    }

    private static String fault(
            final Row row, final int rounds, final int bit, final Audit audit, final boolean settled) {
        final long untold = switch (row.losses()) {
            case NONE -> audit.lost();
            case TOLD -> Math.max(0, audit.lost() - audit.told());
            case UNREADABLE -> 0;
        };
        if (untold > 0 || !audit.consistent()) {
            return "lost " + audit.lost() + " (told " + audit.told() + "), doubled " + audit.doubled() + ", invented "
                    + audit.invented() + ", unequal windows " + audit.unequal() + ", balanced " + audit.balanced()
                    + (audit.examples().isEmpty() ? "" : ": " + audit.examples());
        }
        if (!settled) {
            return "not all was stored in time, or the books never balanced";
        }
        if (!audit.statuses().isEmpty()) {
            return "answered by " + audit.statuses();
        }
        return 2 * bit < rounds ? "bit in fewer than half of the rounds" : "";
    }
}
