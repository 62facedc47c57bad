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
    /** The outcome of a row. */
    enum Status {
        GREEN,
        /** The system broke its promise, or did not stand what was done to it. */
        BROKEN,
        /** The fault bit in fewer than half of the rounds, which says nothing of the system. */
        TOOTHLESS,
        NOT_RUN;

        /** Whether the matrix has failed. */
        boolean isRed() {
            return this == BROKEN || this == TOOTHLESS;
        }
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
        String failure = brokenPromise(row, own, settled);
        Status status = failure.isEmpty() ? Status.GREEN : Status.BROKEN;
        if (status == Status.GREEN && 2 * bit < rounds) {
            status = Status.TOOTHLESS;
            failure = "bit in fewer than half of the rounds";
        }
        return new RowResult(row, rounds, bit, Optional.of(own), Optional.of(total), failure, status, seconds);
    }

    /** What the system did wrong; empty if nothing. */
    private static String brokenPromise(final Row row, final Audit audit, final boolean settled) {
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
        return "";
    }
}
