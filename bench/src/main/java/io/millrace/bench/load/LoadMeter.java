package io.millrace.bench.load;

import io.millrace.pipeline.Counters;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLongArray;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;

/**
 * What a load counts and times. Requests that were due during the warm-up are counted apart and not timed.
 *
 * <ol>
 *   <li>The load's thread is the only writer.
 *   <li>Counters and statuses may be read by any thread at any time; {@link #interval} by one.
 *   <li>{@link #latencyNanos} and {@link #latenessNanos} may be read when the load's thread has ended.
 * </ol>
 */
final class LoadMeter {
    private static final int DIGITS = 3;
    private static final int STATUSES = 600;

    final Counters<LoadCounter> warmup = new Counters<>(LoadCounter.class);
    final Counters<LoadCounter> measured = new Counters<>(LoadCounter.class);

    /** From when a request was due to its answer, if that accepted it; and of those not answered in time, until then. */
    final Histogram latencyNanos = new Histogram(DIGITS);

    /** From when a request was due and a connection free for it, to its being written: the generator's own share. */
    final Histogram latenessNanos = new Histogram(DIGITS);

    /** Latencies since it was last looked at, those of the warm-up included. */
    final SingleWriterRecorder interval = new SingleWriterRecorder(DIGITS);

    private final AtomicLongArray statuses = new AtomicLongArray(STATUSES);
    private long measureFromNanos;
    private long lastEndNanos;

    /** Requests due from then on are measured. */
    void measureFrom(final long nanos) {
        measureFromNanos = nanos;
        lastEndNanos = nanos;
    }

    private Counters<LoadCounter> of(final long dueNanos) {
        return dueNanos - measureFromNanos >= 0 ? measured : warmup;
    }

    void sent(final long dueNanos, final long latenessNanos, final int events) {
        final Counters<LoadCounter> counters = of(dueNanos);
        counters.increment(LoadCounter.REQUESTS_SENT);
        counters.add(LoadCounter.EVENTS_SENT, events);
        if (counters == measured) {
            this.latenessNanos.recordValue(latenessNanos);
        }
    }

    void answered(final long dueNanos, final long nowNanos, final int status, final int events, final int accepted) {
        final Counters<LoadCounter> counters = of(dueNanos);
        counters.increment(LoadCounter.REQUESTS_ANSWERED);
        counters.add(LoadCounter.EVENTS_ACCEPTED, accepted);
        if (counters == measured) {
            statuses.setRelease(status, statuses.getPlain(status) + 1);
            lastEndNanos = nowNanos;
        }
        if (accepted == events) {
            counters.increment(LoadCounter.REQUESTS_ACCEPTED);
            time(counters, nowNanos - dueNanos);
        } else {
            counters.add(LoadCounter.EVENTS_REFUSED, events - accepted);
        }
    }

    void belowLevel(final long dueNanos) {
        of(dueNanos).increment(LoadCounter.REQUESTS_BELOW_LEVEL);
    }

    void lost(final long dueNanos, final long nowNanos, final int events, final LossCause cause) {
        final Counters<LoadCounter> counters = of(dueNanos);
        counters.add(LoadCounter.EVENTS_UNANSWERED, events);
        counters.increment(
                switch (cause) {
                    case CLOSED -> LoadCounter.LOST_CLOSED;
                    case TIMEOUT -> LoadCounter.LOST_TIMEOUT;
                    case PROTOCOL -> LoadCounter.LOST_PROTOCOL;
                });
        if (cause == LossCause.TIMEOUT) {
            time(counters, nowNanos - dueNanos);
        }
    }

    void neverSent(final long dueNanos, final long nowNanos) {
        final Counters<LoadCounter> counters = of(dueNanos);
        counters.increment(LoadCounter.NEVER_SENT);
        time(counters, nowNanos - dueNanos);
    }

    /** Connections are counted from the first on, as measured. */
    void connected(final boolean success) {
        measured.increment(success ? LoadCounter.CONNECTIONS_MADE : LoadCounter.CONNECT_ERRORS);
    }

    private void time(final Counters<LoadCounter> counters, final long nanos) {
        interval.recordValue(nanos);
        if (counters == measured) {
            latencyNanos.recordValue(nanos);
        }
    }

    /** When the last measured answer came. */
    long lastEndNanos() {
        return lastEndNanos;
    }

    /** Measured answers by status. */
    SortedMap<Integer, Long> statuses() {
        final SortedMap<Integer, Long> counts = new TreeMap<>();
        for (int status = 0; status < STATUSES; status++) {
            if (statuses.getAcquire(status) > 0) {
                counts.put(status, statuses.getAcquire(status));
            }
        }
        return counts;
    }

    /** Of both phases. */
    long total(final LoadCounter counter) {
        return warmup.get(counter) + measured.get(counter);
    }
}
