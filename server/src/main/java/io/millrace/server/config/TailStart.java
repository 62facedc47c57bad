package io.millrace.server.config;

/**
 * Which events a tail begins with.
 *
 * @param onlyNew whether only those that come from now on
 * @param notBeforeMillis the earliest timestamp, epoch milliseconds
 */
public record TailStart(boolean onlyNew, long notBeforeMillis) {
    static final TailStart NOW = new TailStart(true, Long.MIN_VALUE);
    static final TailStart OLDEST = new TailStart(false, Long.MIN_VALUE);

    static TailStart at(final long epochMillis) {
        return new TailStart(false, epochMillis);
    }
}
