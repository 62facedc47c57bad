package io.millrace.bench.evolution;

/**
 * What a level came to.
 *
 * @param acceptedPerSecond as its clients saw it, as the next three
 * @param accepted events
 * @param failures requests that were not accepted: answered otherwise, or not at all
 * @param stored how many of its events are counted in the tables at the end of the wait
 * @param storedSeconds from the first request until the last event was there, or until the wait was given up
 * @param rows that the tables have gained
 * @param bytes that tables and indexes have gained
 * @param serviceNanos of the processors, load and wait; likewise the two stores
 */
record Outcome(
        Version version,
        Level level,
        double acceptedPerSecond,
        double meanMillis,
        double p99Millis,
        long accepted,
        long failures,
        long stored,
        double storedSeconds,
        long rows,
        long bytes,
        long serviceNanos,
        long redisNanos,
        long postgresNanos) {
    private static final int SECONDS_OF_A_DAY = 86_400;

    /** Whether all that was accepted is stored, and no more than that. */
    boolean complete() {
        return stored == accepted;
    }

    /** What could be accepted in a day at that rate. */
    double acceptedPerDay() {
        return acceptedPerSecond * SECONDS_OF_A_DAY;
    }

    /** What would stand in the tables after a day at the rate at which it got there. */
    double storedPerDay() {
        return stored / storedSeconds * SECONDS_OF_A_DAY;
    }

    double perStored(final double amount) {
        return stored > 0 ? amount / stored : 0;
    }

    double microsPerStored(final long nanos) {
        return perStored(nanos / 1e3);
    }
}
