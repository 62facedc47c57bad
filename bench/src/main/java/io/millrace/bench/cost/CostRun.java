package io.millrace.bench.cost;

import io.millrace.bench.load.Load;
import io.millrace.bench.load.LoadCounter;
import io.millrace.bench.load.LoadListener;
import io.millrace.bench.load.LoadResult;
import io.millrace.bench.process.ServiceProcess;
import io.millrace.bench.process.Stage;
import io.millrace.bench.process.StageTimes;
import io.millrace.bench.process.StoredEvents;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/** Runs loads against one server and charges each stage for the events that came to the tables meanwhile. */
final class CostRun {
    private static final Duration DRAIN_LIMIT = Duration.ofMinutes(1);

    private final ServiceProcess server;

    CostRun(final ServiceProcess server) {
        this.server = server;
    }

    /**
     * Nanoseconds per event of each stage, from the first request until the last event is in PostgreSQL.
     *
     * @param warmup the same load before
     * @throws IOException if an event was refused or is missing
     */
    Map<Stage, Double> run(final CostLoad load, final Duration warmup, final Duration duration)
            throws IOException, InterruptedException, SQLException {
        try (StoredEvents stored = new StoredEvents(server)) {
            send(load, warmup, stored);
            final StageTimes before = StageTimes.of(server.pid());
            final long events = send(load, duration, stored);
            final StageTimes times = StageTimes.of(server.pid()).minus(before);
            final Map<Stage, Double> costs = new EnumMap<>(Stage.class);
            times.nanos().forEach((stage, nanos) -> costs.put(stage, (double) nanos / events));
            return costs;
        }
    }

    private long send(final CostLoad load, final Duration duration, final StoredEvents stored)
            throws IOException, InterruptedException, SQLException {
        final long before = stored.count();
        final LoadResult result = Load.run(load.plan(server.ingest(), duration), LoadListener.NONE);
        final long events = result.total(LoadCounter.EVENTS_ACCEPTED);
        if (!result.clean()) {
            throw new IOException(load + ": not every event was accepted: " + result.total());
        }
        stored.await(before + events, DRAIN_LIMIT);
        return events;
    }
}
