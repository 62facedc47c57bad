package io.millrace.bench.day;

import io.millrace.bench.load.EventShape;
import io.millrace.bench.process.PeakMemory;
import io.millrace.bench.process.Stage;
import java.io.PrintWriter;
import java.util.Locale;

/** The result of a day for people. */
final class DayTable {
    private static final double MIB = 1 << 20;

    private final DayResult result;
    private final PrintWriter out;

    DayTable(final DayResult result, final PrintWriter out) {
        this.result = result;
        this.out = out;
    }

    void print(final EventShape shape) {
        row(
                "events",
                "%,d in requests of %d; %,d users, %d elements, %d actions, zipf %s, seed %d",
                result.events(),
                DayGenerator.BATCH,
                shape.users(),
                shape.elements(),
                shape.actions(),
                shape.zipf(),
                shape.seed());
        row(
                "time",
                "%.2f s until the last event was in PostgreSQL; the last answer came after %.2f s",
                result.wallSeconds(),
                result.sentSeconds());
        row("rate", "%,.0f events/s", result.events() / result.wallSeconds());
        row("shed", "%,d requests were answered 503 and sent again", result.shedRequests());
        row(
                "compared",
                "%,d counts of (window, action, element), %,d of (window, user): %,d differ; the server's books %s",
                result.verdict().groups(),
                result.verdict().users(),
                result.verdict().differences(),
                result.balanced() ? "balance" : "DO NOT BALANCE");
        result.verdict().examples().forEach(example -> row("", "%s", example));
        row(
                "PostgreSQL",
                "%.1f MiB of tables, %.1f bytes an event; %.1f MiB of write-ahead log",
                result.tableBytes() / MIB,
                (double) result.tableBytes() / result.events(),
                result.walBytes() / MIB);
        final PeakMemory memory = result.memory();
        row(
                "peak memory",
                "server %.0f MiB, Redis %.0f MiB, PostgreSQL's largest process %.0f MiB, generator %.0f MiB",
                memory.server() / MIB,
                memory.redis() / MIB,
                memory.postgres() / MIB,
                memory.generator() / MIB);
        out.printf(Locale.ROOT, "%n%-15s%8s%10s%9s%n", "CPU", "s", "ns/event", "share");
        for (final Stage stage : Stage.values()) {
            cpu((stage.inServer() ? "  " : "") + stage.label(), result.times().nanos(stage));
            if (stage == Stage.OTHER) {
                cpu("server", result.times().serverNanos());
            }
        }
        cpu("all", result.times().totalNanos());
        out.printf(
                Locale.ROOT,
                "%.2f of %d processors%n",
                result.times().totalNanos() / 1e9 / result.wallSeconds(),
                Runtime.getRuntime().availableProcessors());
        out.flush();
    }

    private void cpu(final String name, final long nanos) {
        out.printf(
                Locale.ROOT,
                "%-15s%8.2f%10.0f%8.1f%%%n",
                name,
                nanos / 1e9,
                (double) nanos / result.events(),
                100.0 * nanos / Math.max(1, result.times().totalNanos()));
    }

    private void row(final String name, final String format, final Object... values) {
        out.printf(Locale.ROOT, "%-12s%s%n", name, String.format(Locale.ROOT, format, values));
    }
}
