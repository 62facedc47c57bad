package io.millrace.pipeline;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The counters of one thread, one for each constant of an enum that documents them.
 *
 * <p>Thread-safe for one writer and any number of readers. Each thread that counts has an object of its own, and whoever
 * shows the numbers adds them up: no counter is ever contended, and counting costs one plain store.
 *
 * @param <C> the enum of the counters
 */
public final class Counters<C extends Enum<C> & Counters.Descriptor> {
    private final AtomicLongArray values;

    public Counters(final Class<C> type) {
        values = new AtomicLongArray(type.getEnumConstants().length);
    }

    /** Adds to a counter. Only the owning thread may call this. */
    public void add(final C counter, final long delta) {
        final int index = counter.ordinal();
        values.setRelease(index, values.getPlain(index) + delta);
    }

    /** Adds one to a counter. Only the owning thread may call this. */
    public void increment(final C counter) {
        add(counter, 1);
    }

    public long get(final C counter) {
        return values.getAcquire(counter.ordinal());
    }

    /** What a counter is called outside, and what it counts. */
    public interface Descriptor {
        /** The metric's name by the conventions of Prometheus, without the suffix {@code _total}. */
        String metricName();

        /** One sentence. */
        String help();
    }
}
