package io.millrace.bench.ack;

import io.millrace.bench.load.AckLevel;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;

/** The result for people, in the form that docs/benchmarks.md has it. */
final class AckTable {
    private AckTable() {}

    static void print(final AckPlan plan, final Map<AckLevel, LevelCost> costs, final PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "Single JSON events on %d connections, medians of %d rounds; latency at %,.0f requests/s, throughput with %,d on"
                        + " their way%n%n",
                plan.connections(),
                plan.rounds(),
                plan.ratePerSecond(),
                plan.connections() * plan.pipeline());
        out.println("| level | p50 ms | p99 ms | requests/s | what it survives |");
        out.println("|---|---|---|---|---|");
        costs.forEach((level, cost) -> out.printf(
                Locale.ROOT,
                "| `%s` | %.2f | %.2f | %,.0f | %s |%n",
                level.word(),
                cost.p50Nanos() / 1e6,
                cost.p99Nanos() / 1e6,
                cost.requestsPerSecond(),
                survives(level)));
        out.flush();
    }

    private static String survives(final AckLevel level) {
        return switch (level) {
            case JOURNAL -> "death of the process";
            case DISK -> "loss of power";
            case STREAM -> "loss of the node, as far as Redis keeps what it confirms";
            case STORED -> "whatever PostgreSQL survives";
        };
    }
}
