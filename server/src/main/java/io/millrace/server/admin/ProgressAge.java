package io.millrace.server.admin;

import io.millrace.pipeline.Progress;
import org.agrona.concurrent.NanoClock;

/**
 * How long the oldest event of a stream has been waiting to be shipped, and to be stored.
 *
 * <p>Nobody stamps events for this: a timer notes from time to time how many had been accepted by then, and forgets what
 * progress has passed.
 *
 * <ol>
 *   <li>Thread-safe.
 *   <li>An age is never more than the truth, and less by at most the time between two samples, or a sixty-fourth of the
 *       longest wait so far, whichever is more. The oldest event's age is not affected by the latter.
 *   <li>Memory is bounded: when the samples no longer fit, every second one is forgotten and the next are taken as far apart
 *       as those that are left.
 *   <li>Events that a journal held when it was opened count from the first sample.
 * </ol>
 */
final class ProgressAge {
    static final int MAX_SAMPLES = 512;

    private final Progress progress;
    private final NanoClock clock;
    private final long[] timesNanos = new long[MAX_SAMPLES];
    private final long[] accepted = new long[MAX_SAMPLES];
    private long spacingNanos;
    private int size;
    private long lastAccepted;

    ProgressAge(final Progress progress, final NanoClock clock) {
        this.progress = progress;
        this.clock = clock;
    }

    /** Notes how many events have been accepted by now. */
    synchronized void sample() {
        forgetPassed();
        final long nowAccepted = progress.accepted();
        if (nowAccepted <= lastAccepted) {
            return;
        }
        final long nowNanos = clock.nanoTime();
        if (size == MAX_SAMPLES) {
            thin();
        }
        final boolean tooCloseToLast = size >= 2 && nowNanos - timesNanos[size - 2] < spacingNanos;
        final int index = tooCloseToLast ? size - 1 : size;
        timesNanos[index] = nowNanos;
        accepted[index] = nowAccepted;
        size = index + 1;
        lastAccepted = nowAccepted;
    }

    /** How long the oldest event that the stream has not confirmed has been waiting, in nanoseconds; 0 if none is. */
    long unshippedNanos() {
        // What is stored was shipped, even if a shipper that has just started does not know yet.
        return ageNanos(Math.max(progress.streamed(), progress.stored()));
    }

    /** How long the oldest event that is not stored has been waiting, in nanoseconds; 0 if none is. */
    long unstoredNanos() {
        return ageNanos(progress.stored());
    }

    /** How many samples are held. */
    synchronized int size() {
        return size;
    }

    private synchronized long ageNanos(final long passed) {
        for (int i = 0; i < size; i++) {
            if (accepted[i] > passed) {
                return Math.max(0, clock.nanoTime() - timesNanos[i]);
            }
        }
        return 0;
    }

    private void forgetPassed() {
        final long passed = progress.stored();
        int gone = 0;
        while (gone < size && accepted[gone] <= passed) {
            gone++;
        }
        System.arraycopy(timesNanos, gone, timesNanos, 0, size - gone);
        System.arraycopy(accepted, gone, accepted, 0, size - gone);
        size -= gone;
        if (size == 0) {
            spacingNanos = 0;
        }
    }

    /** Keeps the oldest sample and the later one of each pair behind it. */
    private void thin() {
        spacingNanos = (timesNanos[size - 1] - timesNanos[0]) / (MAX_SAMPLES / 2);
        int kept = 1;
        for (int i = 2; i < size; i += 2) {
            timesNanos[kept] = timesNanos[i];
            accepted[kept] = accepted[i];
            kept++;
        }
        if (size % 2 == 0) {
            timesNanos[kept] = timesNanos[size - 1];
            accepted[kept] = accepted[size - 1];
            kept++;
        }
        size = kept;
    }
}
