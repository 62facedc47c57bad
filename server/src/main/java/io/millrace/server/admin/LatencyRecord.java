package io.millrace.server.admin;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.HdrHistogram.Histogram;
import org.agrona.concurrent.NanoClock;

/**
 * What several threads have recorded in HdrHistograms, since the start and of late. Whoever asks a {@link LatencySource}
 * takes what it gets away from everybody else, so this is the only one that does.
 *
 * <ol>
 *   <li>Thread-safe.
 *   <li>What is recent is from the last 30 to 60 s, if {@link #take} is called at least every second or so.
 *   <li>Memory is bounded, whatever is recorded.
 * </ol>
 */
final class LatencyRecord {
    static final long HALF_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final int SIGNIFICANT_DIGITS = 2;

    private final List<LatencySource> sources;
    private final Histogram[] intervals;
    private final NanoClock clock;
    private final Histogram total = newHistogram();
    private final Histogram sum = newHistogram();
    private Histogram current = newHistogram();
    private Histogram previous = newHistogram();
    private long currentSinceNanos;

    LatencyRecord(final List<LatencySource> sources, final NanoClock clock) {
        this.sources = List.copyOf(sources);
        this.clock = clock;
        intervals = new Histogram[sources.size()];
        currentSinceNanos = clock.nanoTime();
    }

    private static Histogram newHistogram() {
        final Histogram histogram = new Histogram(TimeUnit.MINUTES.toNanos(1), SIGNIFICANT_DIGITS);
        histogram.setAutoResize(true);
        return histogram;
    }

    /** Whether there is anybody who records. */
    boolean hasSources() {
        return !sources.isEmpty();
    }

    /** Takes over what was recorded since the last call. */
    synchronized void take() {
        rotate();
        for (int i = 0; i < intervals.length; i++) {
            intervals[i] = sources.get(i).intervalHistogram(intervals[i]);
            if (intervals[i].getTotalCount() > 0) {
                total.add(intervals[i]);
                current.add(intervals[i]);
            }
        }
    }

    /** Reads from all that was taken over since the start. */
    synchronized <T> T total(final Function<Histogram, T> read) {
        return read.apply(total);
    }

    /** Reads from what was taken over of late. */
    synchronized <T> T recent(final Function<Histogram, T> read) {
        rotate();
        sum.reset();
        sum.add(previous);
        sum.add(current);
        return read.apply(sum);
    }

    private void rotate() {
        final long elapsedNanos = clock.nanoTime() - currentSinceNanos;
        if (elapsedNanos < HALF_NANOS) {
            return;
        }
        final Histogram oldest = previous;
        previous = current;
        current = oldest;
        current.reset();
        if (elapsedNanos >= 2 * HALF_NANOS) {
            previous.reset();
        }
        currentSinceNanos += elapsedNanos - elapsedNanos % HALF_NANOS;
    }
}
