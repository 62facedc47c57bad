package io.millrace.server.admin;

import io.millrace.pipeline.Counters;
import java.util.List;

/**
 * The counters of several threads, which are shown added up.
 *
 * @param <C> the enum that documents them
 * @param type its class
 * @param threads the counters of each thread
 */
public record CounterSource<C extends Enum<C> & Counters.Descriptor>(Class<C> type, List<Counters<C>> threads) {
    public CounterSource {
        threads = List.copyOf(threads);
    }

    /** The sum over all threads. */
    long sum(final C counter) {
        long sum = 0;
        for (final Counters<C> thread : threads) {
            sum += thread.get(counter);
        }
        return sum;
    }

    /** Likewise; 0 if the counter is of another enum. */
    long sumIfOwn(final Enum<?> counter) {
        return type.isInstance(counter) ? sum(type.cast(counter)) : 0;
    }
}
