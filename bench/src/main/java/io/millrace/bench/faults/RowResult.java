package io.millrace.bench.faults;

import io.millrace.bench.faults.stage.Audit;
import java.util.Optional;

/**
 * What came of a row.
 *
 * @param rounds that were done
 * @param bit of these, how many bit
 * @param audit of the row's events; missing if the stage fell apart before
 * @param total of all events of the stage; missing likewise
 * @param failure what went wrong, or why it was not run; empty if nothing
 * @param status the outcome
 */
record RowResult(
        Row row,
        int rounds,
        int bit,
        Optional<Audit> audit,
        Optional<Audit> total,
        String failure,
        Status status,
        double seconds) {
    private static final String NO_BITE = "bit in fewer than half of the rounds";

    /** The outcome of a row. */
    enum Status {
        GREEN,
        RED,
        NOT_RUN
    }

    /**
     * Judges a row.
     *
     * @param total of all events of the stage
     * @param before the total of the row before on the same stage
     */
    static RowResult judge(
            final Row row,
            final int rounds,
            final int bit,
            final Audit total,
            final Optional<Audit> before,
            final boolean settled,
            final double seconds) {
        final Audit own = before.map(total::since).orElse(total);
        final String failure = fault(row, rounds, bit, own, settled);
        final Status status = failure.isEmpty() ? Status.GREEN : Status.RED;
        return new RowResult(row, rounds, bit, Optional.of(own), Optional.of(total), failure, status, seconds);
    }

    private static String fault(
            final Row row, final int rounds, final int bit, final Audit audit, final boolean settled) {
        final long untold = switch (row.losses()) {
            case NONE -> audit.lost();
            case TOLD -> Math.max(0, audit.lost() - audit.told());
            case UNREADABLE -> audit.unreadable() > 0 ? 0 : Math.max(0, audit.lost() - audit.told());
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
        return 2 * bit < rounds ? NO_BITE : "";
    }

    /** Whether the system broke its promise; a fault that did not bite says nothing of it. */
    boolean isBroken() {
        return status == Status.RED && !failure.equals(NO_BITE);
    }
}
