package io.millrace.bench.ack;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What one level cost in one round, or in the middle of several.
 *
 * @param p50Nanos latency at the constant rate, of every second request at most
 * @param p99Nanos the same, of all but one in a hundred
 * @param requestsPerSecond as fast as the server answers
 */
record LevelCost(double p50Nanos, double p99Nanos, double requestsPerSecond) {
    /** The median of each figure by itself. */
    static LevelCost median(final List<LevelCost> rounds) {
        return new LevelCost(
                median(rounds, LevelCost::p50Nanos),
                median(rounds, LevelCost::p99Nanos),
                median(rounds, LevelCost::requestsPerSecond));
    }

    private static double median(final List<LevelCost> rounds, final ToDoubleFunction<LevelCost> figure) {
        final double[] sorted = rounds.stream().mapToDouble(figure).toArray();
        Arrays.sort(sorted);
        final int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
