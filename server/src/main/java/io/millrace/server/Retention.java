package io.millrace.server;

import io.millrace.pipeline.Counters;
import io.millrace.pipeline.window.StoreException;
import io.millrace.storage.postgres.DayRetention;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks now and then for days to drop, on a thread of its own, so that no flush ever waits for it.
 *
 * <p>Thread-safe. Counters and gauge may be read by any thread.
 */
final class Retention implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
    private static final long PAUSE_MINUTES = 10;
    private static final long PAUSE_WHEN_OVERDUE_MINUTES = 1;

    private final DayRetention days;
    private final Counters<RetentionCounter> counters = new Counters<>(RetentionCounter.class);
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "retention"));
    private volatile long overdueDays;
    private boolean failing;

    Retention(final DayRetention days) {
        this.days = days;
    }

    /** Begins. To be called when the schema is there. */
    void start() {
        thread.execute(this::pass);
    }

    Counters<RetentionCounter> counters() {
        return counters;
    }

    /** Days that are old enough, but could not be dropped yet. */
    long overdueDays() {
        return overdueDays;
    }

    private void pass() {
        long pauseMinutes = PAUSE_MINUTES;
        try {
            final DayRetention.Pass pass = days.run();
            counters.add(RetentionCounter.DROPPED_DAYS, pass.dropped());
            overdueDays = pass.left();
            failing = false;
            if (pass.left() > 0) {
                pauseMinutes = PAUSE_WHEN_OVERDUE_MINUTES;
            }
        } catch (final StoreException e) {
            counters.increment(RetentionCounter.FAILURES);
            pauseMinutes = PAUSE_WHEN_OVERDUE_MINUTES;
            if (!failing) {
                LOG.warn("{}; trying again every minute", e.getMessage());
            }
            failing = true;
        } catch (final RuntimeException e) {
            // A mistake of ours: said loudly, and not the end of it.
            counters.increment(RetentionCounter.FAILURES);
            LOG.error("dropping old days failed", e);
        }
        next(pauseMinutes);
    }

    // The task handles all that it throws.
    @SuppressWarnings("FutureReturnValueIgnored")
    private void next(final long pauseMinutes) {
        if (!thread.isShutdown()) {
            thread.schedule(this::pass, pauseMinutes, TimeUnit.MINUTES);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
