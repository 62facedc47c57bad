package io.millrace.bench.growth;

import io.millrace.bench.process.Stage;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** A curve as a table of Markdown. */
final class GrowthTable {
    private static final List<Stage> STAGES = List.of(
            Stage.EVENT_LOOP,
            Stage.SHIPPER,
            Stage.REDIS_CLIENT,
            Stage.AGGREGATOR,
            Stage.REDIS,
            Stage.POSTGRES,
            Stage.GENERATOR);

    private GrowthTable() {}

    static void print(final Curve curve, final List<Measured> points, final PrintWriter out) {
        out.printf("%n| %s | accepted/s | stored/s | refused | p50 ms | p99 ms | ns/event |", curve.title());
        STAGES.forEach(stage -> out.printf(" %s |", stage.label()));
        out.printf(" books |%n|---|---|---|---|---|---|---|%s---|%n", "---|".repeat(STAGES.size()));
        for (final Measured point : points) {
            out.printf(
                    Locale.ROOT,
                    "| %s | %,.0f | %,.0f | %,d | %.2f | %.2f | %,.0f |",
                    point.label(),
                    point.acceptedPerSecond(),
                    point.storedPerSecond(),
                    point.refused(),
                    point.p50Millis(),
                    point.p99Millis(),
                    point.totalNanosPerEvent());
            STAGES.forEach(stage -> out.printf(
                    Locale.ROOT,
                    " %,.0f (%.2f) |",
                    point.nanosPerEvent().get(stage),
                    point.busy().get(stage)));
            out.println(point.balanced() ? " balance |" : " **DO NOT BALANCE** |");
        }
        out.flush();
    }
}
