package io.millrace.bench.load;

import java.util.EnumMap;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.agrona.concurrent.SystemEpochClock;
import org.agrona.concurrent.SystemNanoClock;

/**
 * A load that runs: started by {@link #start}, over by itself, by {@link #stop} or by {@link #close}.
 *
 * <p>Thread-safe, but for {@link #progress}, which is for one thread.
 */
public final class Load implements AutoCloseable {
    private final LoadPlan plan;
    private final LoadMeter meter = new LoadMeter();
    private final LoadLoop loop;
    private final Thread thread;
    private Histogram interval;
    private volatile Throwable failure;

    private Load(final LoadPlan plan, final LoadListener listener) {
        this.plan = plan;
        loop = new LoadLoop(plan, listener, meter, SystemNanoClock.INSTANCE, SystemEpochClock.INSTANCE);
        thread = new Thread(loop, "load");
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler((ended, cause) -> failure = cause);
    }

    /** Starts a load on a thread of its own. */
    public static Load start(final LoadPlan plan, final LoadListener listener) {
        final Load load = new Load(plan, listener);
        load.thread.start();
        return load;
    }

    /** Runs a load to its end. */
    public static LoadResult run(final LoadPlan plan, final LoadListener listener) throws InterruptedException {
        try (Load load = start(plan, listener)) {
            return load.await();
        }
    }

    /** Sends nothing more; what was sent is still waited for, at most for the timeout. Does not wait itself. */
    public void stop() {
        loop.stop();
    }

    /**
     * Waits for the end.
     *
     * @return whether it has come
     */
    public boolean await(final long timeoutMillis) throws InterruptedException {
        thread.join(Math.max(1, timeoutMillis));
        return !thread.isAlive();
    }

    /**
     * Waits for the end and takes stock.
     *
     * @throws IllegalStateException if an error in the generator or in the listener ended it
     */
    public LoadResult await() throws InterruptedException {
        thread.join();
        if (failure != null) {
            throw new IllegalStateException("the load was ended by an error", failure);
        }
        return new LoadResult(
                plan,
                loop.measuredSeconds(),
                counts(meter.measured::get),
                counts(meter::total),
                meter.statuses(),
                meter.latencyNanos,
                meter.latenessNanos,
                loop.cpu(),
                loop.misunderstood());
    }

    private static Map<LoadCounter, Long> counts(final Counts counts) {
        final Map<LoadCounter, Long> map = new EnumMap<>(LoadCounter.class);
        for (final LoadCounter counter : LoadCounter.values()) {
            map.put(counter, counts.get(counter));
        }
        return map;
    }

    /** How it stands; the latencies are those since the last call. */
    public LoadProgress progress() {
        interval = meter.interval.getIntervalHistogram(interval);
        return new LoadProgress(
                loop.measuring(),
                meter.total(LoadCounter.REQUESTS_ANSWERED),
                meter.total(LoadCounter.EVENTS_ACCEPTED),
                meter.total(LoadCounter.EVENTS_REFUSED),
                meter.total(LoadCounter.LOST_CLOSED)
                        + meter.total(LoadCounter.LOST_TIMEOUT)
                        + meter.total(LoadCounter.LOST_PROTOCOL)
                        + meter.total(LoadCounter.NEVER_SENT),
                meter.total(LoadCounter.CONNECT_ERRORS),
                loop.backlog(),
                interval);
    }

    /** Ends it at once; what is not answered is lost. */
    @Override
    public void close() {
        loop.abort();
        try {
            thread.join();
        } catch (final InterruptedException e) {
            // It ends all the same, only nobody waits for it.
            Thread.currentThread().interrupt();
        }
    }

    private interface Counts {
        long get(LoadCounter counter);
    }
}
