package io.millrace.bench.load;

import java.time.Duration;

/**
 * How fast, on how many connections and for how long.
 *
 * @param ratePerSecond requests a second whether or not the server keeps up (open loop); 0: each connection sends the next
 *     request when an answer has come (closed loop)
 * @param connections that are kept open
 * @param pipeline most requests that a connection has sent and not had answered
 * @param requests how many to measure; 0: as many as there is time for
 * @param duration how long to measure, if {@code requests} is 0
 * @param warmup how long the same load runs before, which is not in the figures
 * @param timeout from the moment that a request is due; then it counts as lost, and its connection is closed
 * @param spin how long before a request is due the thread stops sleeping and spins (open loop)
 */
public record Pace(
        double ratePerSecond,
        int connections,
        int pipeline,
        long requests,
        Duration duration,
        Duration warmup,
        Duration timeout,
        Duration spin) {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** As fast as the server answers, until so many requests have been sent. */
    public static Pace closed(final int connections, final int pipeline, final long requests) {
        return new Pace(0, connections, pipeline, requests, Duration.ZERO, Duration.ZERO, TIMEOUT, Duration.ZERO);
    }

    /** At a constant rate for some time. */
    public static Pace open(final double ratePerSecond, final int connections, final Duration duration) {
        return new Pace(ratePerSecond, connections, 1, 0, duration, Duration.ZERO, TIMEOUT, Duration.ZERO);
    }

    /** The same with another bound on the wait for an answer. */
    public Pace withTimeout(final Duration timeout) {
        return new Pace(ratePerSecond, connections, pipeline, requests, duration, warmup, timeout, spin);
    }

    boolean isOpen() {
        return ratePerSecond > 0;
    }
}
