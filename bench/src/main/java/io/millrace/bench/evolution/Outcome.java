package io.millrace.bench.evolution;

import io.millrace.bench.load.LoadCounter;
import io.millrace.bench.load.LoadResult;
import io.millrace.bench.process.Stage;
import io.millrace.bench.process.StageTimes;

/**
 * What a level came to.
 *
 * @param load as its clients saw it
 * @param stored how many of its events are counted in the tables at the end of the wait
 * @param storedSeconds from the first request until the last event was there, or until the wait was given up
 * @param times of the processors, load and wait
 * @param rows that the tables have gained
 * @param bytes that tables and indexes have gained
 */
record Outcome(
        Version version,
        Level level,
        LoadResult load,
        long stored,
        double storedSeconds,
        StageTimes times,
        long rows,
        long bytes) {
    private static final int SECONDS_OF_A_DAY = 86_400;

    long accepted() {
        return load.measured(LoadCounter.EVENTS_ACCEPTED);
    }

    /** Requests that were not accepted: answered otherwise, or not at all. */
    long failures() {
        return load.failures() + load.measured(LoadCounter.EVENTS_REFUSED);
    }

    /** Whether all that was accepted is stored, and no more than that. */
    boolean complete() {
        return stored == accepted();
    }

    /** What could be accepted in a day at that rate. */
    double acceptedPerDay() {
        return load.eventsPerSecond() * SECONDS_OF_A_DAY;
    }

    /** What would stand in the tables after a day at the rate at which it got there. */
    double storedPerDay() {
        return stored / storedSeconds * SECONDS_OF_A_DAY;
    }

    double perStored(final double amount) {
        return stored > 0 ? amount / stored : 0;
    }

    double serviceMicros() {
        return perStored(times.serverNanos() / 1e3);
    }

    double micros(final Stage stage) {
        return perStored(times.nanos(stage) / 1e3);
    }
}
