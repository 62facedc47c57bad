package io.millrace.bench.evolution;

import io.millrace.bench.load.Pace;
import java.time.Duration;
import java.util.List;

/**
 * A load of requests with one event each, in a closed loop.
 *
 * @param connections that send at the same time
 * @param requests in all; 0: as many as there is time for
 * @param duration if {@code requests} is 0
 */
record Level(int connections, long requests, Duration duration) {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** The four of the post. */
    static final List<Level> OF_THE_POST = List.of(of(1_000, 10), of(5_000, 50), of(10_000, 100), of(20_000, 200));

    static Level of(final long requests, final int connections) {
        return new Level(connections, requests, Duration.ZERO);
    }

    static Level sustained(final Duration duration, final int connections) {
        return new Level(connections, 0, duration);
    }

    Pace pace() {
        return new Pace(0, connections, 1, requests, duration, Duration.ZERO, TIMEOUT, Duration.ZERO);
    }

    String label() {
        return requests > 0
                ? String.format("%,d at %d", requests, connections)
                : duration.toSeconds() + " s at " + connections;
    }
}
