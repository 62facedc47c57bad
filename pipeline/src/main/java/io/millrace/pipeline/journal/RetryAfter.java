package io.millrace.pipeline.journal;

import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;

/**
 * How many seconds a client should wait that found the journal full: until an eighth of it is free again, at the rate at
 * which it was freed between the refusals.
 *
 * <p>Before there is a rate the answer is one second; while nothing is freed it is as long as that has lasted already, so
 * that clients come back less and less often. Always between 1 and 60 seconds. Used by one thread only, the event loop.
 */
public final class RetryAfter implements IntSupplier {
    private static final int MAX_SECONDS = 60;
    private static final long MIN_SAMPLE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** A rate over a longer time says nothing about now: most of it the journal was not full. */
    private static final long MAX_SAMPLE_NANOS = TimeUnit.SECONDS.toNanos(60);

    private static final double NANOS_A_SECOND = 1e9;

    private final OneToOneRingBuffer ring;
    private final NanoClock clock;
    private boolean sampled;
    private long sampleNanos;
    private long samplePosition;
    private double bytesPerNano;

    RetryAfter(final OneToOneRingBuffer ring, final NanoClock clock) {
        this.ring = ring;
        this.clock = clock;
    }

    @Override
    public int getAsInt() {
        final long nowNanos = clock.nanoTime();
        final long position = ring.consumerPosition();
        final boolean freed = position > samplePosition;
        final long elapsedNanos = nowNanos - sampleNanos;
        if (!sampled || (freed && elapsedNanos > MAX_SAMPLE_NANOS)) {
            sample(nowNanos, position);
            return 1;
        }
        if (!freed && elapsedNanos >= MIN_SAMPLE_NANOS) {
            return seconds((double) elapsedNanos);
        }
        if (freed && elapsedNanos >= MIN_SAMPLE_NANOS) {
            bytesPerNano = (double) (position - samplePosition) / elapsedNanos;
            sample(nowNanos, position);
        }
        final long free = ring.capacity() - (ring.producerPosition() - position);
        final long missing = Math.max(0, ring.capacity() / 8 - free);
        return bytesPerNano > 0 ? seconds(missing / bytesPerNano) : 1;
    }

    private static int seconds(final double nanos) {
        return (int) Math.max(1, Math.min(MAX_SECONDS, Math.ceil(nanos / NANOS_A_SECOND)));
    }

    private void sample(final long nowNanos, final long position) {
        sampled = true;
        sampleNanos = nowNanos;
        samplePosition = position;
    }
}
