package io.millrace.bench.evolution;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** The outcomes as a table of Markdown: what clients see, and what became of it. */
final class EvolutionTable {
    private static final double MILLION = 1e6;

    private EvolutionTable() {}

    static void print(final List<Outcome> outcomes, final PrintWriter out) {
        out.println(
                "| version | load | accepted/s | mean ms | p99 ms | failures | a day accepted | in the tables | after s"
                        + " | a day stored | rows/event | bytes/event | service µs | Redis µs | PostgreSQL µs |");
        out.println("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");
        for (final Outcome each : outcomes) {
            out.printf(
                    Locale.ROOT,
                    "| %s %s | %s | %,.0f | %.2f | %.2f | %,d | %.1fM | %s | %.1f | %.1fM | %.3f | %.1f | %.1f | %.1f | %.1f |%n",
                    each.version(),
                    each.version().label(),
                    each.level().label(),
                    each.acceptedPerSecond(),
                    each.meanMillis(),
                    each.p99Millis(),
                    each.failures(),
                    each.acceptedPerDay() / MILLION,
                    each.complete()
                            ? String.format(Locale.ROOT, "all %,d", each.stored())
                            : String.format(Locale.ROOT, "**%,d of %,d**", each.stored(), each.accepted()),
                    each.storedSeconds(),
                    each.storedPerDay() / MILLION,
                    each.perStored((double) each.rows()),
                    each.perStored((double) each.bytes()),
                    each.microsPerStored(each.serviceNanos()),
                    each.microsPerStored(each.redisNanos()),
                    each.microsPerStored(each.postgresNanos()));
        }
        out.println();
        out.println(
                "The post: 850 requests/s at 11 ms where it ended, which is its 73.44M events a day (theirs, on another"
                        + " machine).");
        out.flush();
    }
}
