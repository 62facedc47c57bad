package io.millrace.server.admin;

import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import org.agrona.concurrent.NanoClock;

/**
 * How fast events go past each stage now, which is over the last {@value #INTERVALS} samples: a flush a second makes one
 * sample too coarse. Thread-safe.
 */
final class PathRates {
    static final int INTERVALS = 3;

    private final AdminSources sources;
    private final NanoClock clock;
    private final PathSample[] samples = new PathSample[INTERVALS + 1];
    private int taken;

    PathRates(final AdminSources sources, final NanoClock clock) {
        this.sources = sources;
        this.clock = clock;
    }

    /** Notes how far everything has got by now. */
    synchronized void sample() {
        samples[taken % samples.length] = PathSample.of(sources, clock.nanoTime());
        taken = taken == 2 * samples.length - 1 ? samples.length : taken + 1;
    }

    /** A rate a second; 0 until there are two samples. */
    synchronized double perSecond(final ToLongFunction<PathSample> value) {
        final double elapsedNanos = delta(PathSample::nanos);
        return elapsedNanos <= 0 ? 0 : delta(value) * TimeUnit.SECONDS.toNanos(1) / elapsedNanos;
    }

    /** How much of one value there was for each of another; 0 if there was nothing. */
    synchronized double ratio(final ToLongFunction<PathSample> value, final ToLongFunction<PathSample> each) {
        final long divisor = delta(each);
        return divisor == 0 ? 0 : delta(value) / (double) divisor;
    }

    private long delta(final ToLongFunction<PathSample> value) {
        if (taken < 2) {
            return 0;
        }
        final PathSample last = samples[(taken - 1) % samples.length];
        final PathSample first = samples[taken < samples.length ? 0 : taken % samples.length];
        return value.applyAsLong(last) - value.applyAsLong(first);
    }
}
