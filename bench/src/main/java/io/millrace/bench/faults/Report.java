package io.millrace.bench.faults;

import io.millrace.bench.faults.stage.Audit;
import java.io.PrintWriter;
import java.util.Locale;

/** The table of a run, a line a row. Thread-safe: rows that run side by side report here. */
final class Report {
    private static final String LINE = "%-20s %6s %5s %8s %9s %8s %6s %8s %7s  %s%n";

    private final PrintWriter out;
    private boolean isGreen = true;

    Report(final PrintWriter out) {
        this.out = out;
    }

    void head() {
        out.printf(LINE, "row", "rounds", "bit", "sent", "answered", "stored", "lost", "doubled", "seconds", "fault");
        out.flush();
    }

    /** Whether no row so far was red. */
    synchronized boolean isGreen() {
        return isGreen;
    }

    synchronized void line(final RowResult result) {
        isGreen &= !result.status().isRed();
        final String seconds = String.format(Locale.ROOT, "%.1f", result.seconds());
        final String what = result.row().what() + remark(result);
        if (result.audit().isEmpty()) {
            out.printf(LINE, result.row().id(), result.rounds(), result.bit(), "-", "-", "-", "-", "-", seconds, what);
        } else {
            final Audit audit = result.audit().get();
            out.printf(
                    LINE,
                    result.row().id(),
                    result.rounds(),
                    result.bit(),
                    audit.sent(),
                    audit.answered(),
                    audit.stored(),
                    audit.lost(),
                    audit.doubled(),
                    seconds,
                    what);
        }
        out.flush();
    }

    private static String remark(final RowResult result) {
        return switch (result.status()) {
            case GREEN -> {
                final long told = result.audit().map(Audit::told).orElse(0L);
                yield told == 0 ? "" : " (the server's books say " + told + " lost or set aside)";
            }
            case BROKEN, TOOTHLESS -> " RED: " + result.failure();
            case NOT_RUN -> " NOT RUN: " + result.failure();
        };
    }
}
