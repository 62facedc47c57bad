package io.millrace.pipeline;

import java.util.SplittableRandom;

/**
 * When to try again after a failure: after a delay that doubles with each failure in a row, up to a bound, and is spread
 * at random over its upper half, so that many who failed together do not come back together.
 *
 * <p>Used by one thread only. Times are those of {@link System#nanoTime()}, and may overflow as those do.
 */
public final class Backoff {
    private final long minNanos;
    private final long maxNanos;
    private final SplittableRandom random;
    private long delayNanos;
    private long retryAtNanos;
    private boolean waiting;

    /**
     * Makes one that is ready.
     *
     * @param minNanos delay after the first failure
     * @param maxNanos the longest delay
     */
    public Backoff(final long minNanos, final long maxNanos, final long seed) {
        this.minNanos = minNanos;
        this.maxNanos = maxNanos;
        random = new SplittableRandom(seed);
    }

    /**
     * Notes a failure.
     *
     * @return whether it is the first since the last success
     */
    public boolean failed(final long nowNanos) {
        final boolean first = delayNanos == 0;
        delayNanos = first ? minNanos : Math.min(maxNanos, 2 * delayNanos);
        retryAtNanos = nowNanos + delayNanos / 2 + random.nextLong(delayNanos / 2 + 1);
        waiting = true;
        return first;
    }

    /**
     * Notes a success.
     *
     * @return whether there was a failure before it
     */
    public boolean succeeded() {
        final boolean recovered = delayNanos != 0;
        delayNanos = 0;
        waiting = false;
        return recovered;
    }

    /** Whether it is still too early to try. */
    public boolean holds(final long nowNanos) {
        if (waiting && nowNanos - retryAtNanos >= 0) {
            waiting = false;
        }
        return waiting;
    }
}
