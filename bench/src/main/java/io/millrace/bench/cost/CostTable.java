package io.millrace.bench.cost;

import io.millrace.bench.process.Stage;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;

/** Costs for people, as a table of Markdown; with a baseline also by how much each differs from it. */
final class CostTable {
    private final Map<CostLoad, Map<Stage, Double>> costs;
    private final Map<CostLoad, Map<Stage, Double>> baseline;
    private final PrintWriter out;

    /**
     * @param baseline empty if there is none
     */
    CostTable(
            final Map<CostLoad, Map<Stage, Double>> costs,
            final Map<CostLoad, Map<Stage, Double>> baseline,
            final PrintWriter out) {
        this.costs = costs;
        this.baseline = baseline;
        this.out = out;
    }

    void print() {
        out.print("| ns per event |");
        costs.keySet().forEach(load -> out.printf(" %s |", load.name().toLowerCase(Locale.ROOT)));
        out.printf("%n|---|%s%n", "---|".repeat(costs.size()));
        for (final Stage stage : Stage.values()) {
            row(stage.label(), stage);
        }
        out.print("| **all but the generator** |");
        for (final CostLoad load : costs.keySet()) {
            out.printf(" **%s** |", cell(sum(costs.get(load)), sum(baseline.getOrDefault(load, Map.of()))));
        }
        out.println();
        out.flush();
    }

    private void row(final String name, final Stage stage) {
        out.printf("| %s |", name);
        for (final CostLoad load : costs.keySet()) {
            out.printf(
                    " %s |",
                    cell(
                            costs.get(load).get(stage),
                            baseline.getOrDefault(load, Map.of()).getOrDefault(stage, 0.0)));
        }
        out.println();
    }

    private static double sum(final Map<Stage, Double> stages) {
        return stages.entrySet().stream()
                .filter(cost -> cost.getKey() != Stage.GENERATOR)
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }

    private static String cell(final double nanos, final double before) {
        return before > 0
                ? String.format(Locale.ROOT, "%,.0f (%.2f × %,.0f)", nanos, nanos / before, before)
                : String.format(Locale.ROOT, "%,.0f", nanos);
    }
}
