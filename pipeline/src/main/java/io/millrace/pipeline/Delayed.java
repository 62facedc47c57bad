package io.millrace.pipeline;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What is valid now, was not a while ago: the newest of the values that came at least so long ago.
 *
 * <p>Used by one thread only. Times are those of {@link System#nanoTime()}. Values that come closely after one another are
 * forgotten but for the last, so that memory is bounded; one may thereby be due later than it should, by a thirty-second of the
 * delay, and never sooner.
 *
 * @param <T> the values
 */
public final class Delayed<T> {
    private static final int RESOLUTION = 32;

    private final long delayNanos;
    private final Deque<Sample<T>> waiting = new ArrayDeque<>();
    private long previousNanos;

    /** Makes one without a value. */
    public Delayed(final long delayNanos) {
        this.delayNanos = delayNanos;
    }

    /** Notes a value that is valid from now on. */
    public void add(final T value, final long nowNanos) {
        // The last gives way to this one while this is close to the one before.
        if (waiting.size() >= 2 && nowNanos - previousNanos < delayNanos / RESOLUTION) {
            waiting.removeLast();
        } else if (!waiting.isEmpty()) {
            previousNanos = waiting.getLast().nanos;
        }
        waiting.add(new Sample<>(value, nowNanos));
    }

    /** The newest value that is due and was not at the call before, or null. */
    public T poll(final long nowNanos) {
        T due = null;
        while (!waiting.isEmpty() && nowNanos - waiting.element().nanos >= delayNanos) {
            due = waiting.remove().value;
        }
        return due;
    }

    private record Sample<T>(T value, long nanos) {}
}
