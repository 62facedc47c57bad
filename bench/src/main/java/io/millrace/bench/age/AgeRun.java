package io.millrace.bench.age;

import io.millrace.bench.load.EventShape;
import io.millrace.bench.load.Form;
import io.millrace.bench.load.Load;
import io.millrace.bench.load.LoadCounter;
import io.millrace.bench.load.LoadPlan;
import io.millrace.bench.load.LoadResult;
import io.millrace.bench.load.Pace;
import io.millrace.bench.load.RequestShape;
import io.millrace.bench.load.Target;
import io.millrace.bench.load.Timestamps;
import io.millrace.bench.process.ServiceProcess;
import io.millrace.bench.process.StoredEvents;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Sends events at a constant rate and watches PostgreSQL meanwhile. The n-th event that was sent is held against the moment at which n
 * events are seen to be committed: requests that are on their way at once may change places, which changes no age by more than they are
 * apart. An age counts from before the request is written to after PostgreSQL has answered, and so is never less than the truth.
 */
final class AgeRun {
    private static final int CONNECTIONS = 64;
    private static final int SIGNIFICANT_DIGITS = 3;
    private static final long POLL_MILLIS = 10;

    private final ServiceProcess server;
    private final AgePlan plan;

    /** Makes it for a server that has just been started on an empty folder. */
    AgeRun(final ServiceProcess server, final AgePlan plan) {
        this.server = server;
        this.plan = plan;
    }

    /**
     * What it came to.
     *
     * @param load all events were accepted if it is clean
     * @param stored events that were seen in PostgreSQL in the end
     * @param agesNanos of those that were sent after the warm-up
     */
    record Result(LoadResult load, long stored, Histogram agesNanos) {
        /** Whether every event was accepted, and stored by the end. */
        boolean isComplete() {
            return load.clean() && stored == load.total(LoadCounter.EVENTS_ACCEPTED);
        }
    }

    Result run() throws IOException, SQLException, InterruptedException {
        final SentRequests sent = new SentRequests();
        try (StoredEvents events = new StoredEvents(server)) {
            final StoredCounts stored = new StoredCounts(events);
            final Thread watch = new Thread(stored, "watch");
            watch.start();
            final LoadResult load;
            try {
                load = Load.run(loadPlan(), sent);
                awaitRows(stored, load.total(LoadCounter.EVENTS_ACCEPTED));
            } finally {
                stored.stop();
                watch.join();
            }
            return new Result(load, stored.last(), ages(sent, stored));
        }
    }

    private LoadPlan loadPlan() {
        final Pace pace = new Pace(
                plan.requestsPerSecond(),
                CONNECTIONS,
                1,
                0,
                plan.duration(),
                plan.warmup(),
                Duration.ofSeconds(10),
                Duration.ZERO);
        return new LoadPlan(
                Target.of(server.ingest()),
                RequestShape.of(Form.NDJSON, plan.batch()),
                EventShape.DEFAULTS.withTimestamps(Timestamps.NOW, Duration.ofHours(1)),
                pace);
    }

    private void awaitRows(final StoredCounts stored, final long events) throws SQLException, InterruptedException {
        final long deadlineNanos = System.nanoTime() + plan.patience().toNanos();
        while (stored.last() < events && System.nanoTime() - deadlineNanos < 0) {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    private Histogram ages(final SentRequests sent, final StoredCounts stored) {
        final Histogram ages = new Histogram(SIGNIFICANT_DIGITS);
        final int warmedUp =
                (int) Math.ceil(plan.requestsPerSecond() * plan.warmup().toNanos() / 1e9);
        int request = warmedUp;
        for (int i = 0; i < stored.size(); i++) {
            final long requests = Math.min(sent.size(), stored.count(i) / plan.batch());
            for (; request < requests; request++) {
                ages.recordValueWithCount(Math.max(0, stored.seenNanos(i) - sent.sentNanos(request)), plan.batch());
            }
        }
        return ages;
    }
}
