package io.millrace.bench.growth;

import io.millrace.bench.process.Stage;
import java.util.Map;

/**
 * What came of a point.
 *
 * @param seconds of the load
 * @param accepted events
 * @param refused events: answered 503, mostly
 * @param p50Millis from request to answer; likewise the next
 * @param storedSeconds from the first request until the last accepted event was in PostgreSQL
 * @param nanosPerEvent of each stage, user and system, in all that time
 * @param busy the processors that each stage took while the load lasted
 * @param work what the stages behind the answer did in all that time
 * @param balanced whether the server's books hold exactly what was accepted, and PostgreSQL too
 */
record Measured(
        String label,
        double seconds,
        long accepted,
        long refused,
        double p50Millis,
        double p99Millis,
        double storedSeconds,
        Map<Stage, Double> nanosPerEvent,
        Map<Stage, Double> busy,
        Work work,
        boolean balanced) {
    double acceptedPerSecond() {
        return accepted / seconds;
    }

    double storedPerSecond() {
        return accepted / storedSeconds;
    }

    /** Nanoseconds an event of all but the generator. */
    double totalNanosPerEvent() {
        return nanosPerEvent.entrySet().stream()
                .filter(cost -> cost.getKey() != Stage.GENERATOR)
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }
}
