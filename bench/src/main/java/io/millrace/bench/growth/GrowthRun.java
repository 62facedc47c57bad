package io.millrace.bench.growth;

import io.millrace.bench.load.Load;
import io.millrace.bench.load.LoadCounter;
import io.millrace.bench.load.LoadListener;
import io.millrace.bench.load.LoadResult;
import io.millrace.bench.process.ServiceProcess;
import io.millrace.bench.process.Stage;
import io.millrace.bench.process.StageTimes;
import io.millrace.bench.process.StoredEvents;
import io.millrace.bench.process.TemporaryFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Measures the points of a curve, one after the other, each when all of the one before is stored. */
final class GrowthRun {
    private static final Duration STORED_LIMIT = Duration.ofMinutes(5);
    private static final Pattern BOOKS =
            Pattern.compile("\\{\"balanced\":(true|false),\"accepted\":([0-9]+),.*", Pattern.DOTALL);

    private final Path jar;
    private final Times times;
    private final PrintWriter progress;
    /** What the server that runs has accepted. */
    private long accepted;

    /**
     * How long things take.
     *
     * @param firstWarmup of a server that has just been started, under the load of its first point
     * @param warmup before each point, under its own load
     * @param duration of a point
     */
    record Times(Duration firstWarmup, Duration warmup, Duration duration) {}

    /**
     * @param jar of Millrace
     */
    GrowthRun(final Path jar, final Times times, final PrintWriter progress) {
        this.jar = jar;
        this.times = times;
        this.progress = progress;
    }

    /** Measures points; those that follow one another and want the same server share it. */
    List<Measured> run(final List<Point> points) throws Exception {
        final List<Measured> measured = new ArrayList<>();
        for (int from = 0; from < points.size(); ) {
            int to = from + 1;
            while (to < points.size()
                    && points.get(to).server().equals(points.get(from).server())) {
                to++;
            }
            measured.addAll(runOnOneServer(points.subList(from, to)));
            from = to;
        }
        return measured;
    }

    private List<Measured> runOnOneServer(final List<Point> points) throws Exception {
        final List<Measured> measured = new ArrayList<>();
        try (TemporaryFolder folder = TemporaryFolder.create("millrace-growth");
                ServiceProcess server = ServiceProcess.startMillrace(
                        jar, folder.path(), points.get(0).server());
                StoredEvents stored = new StoredEvents(server)) {
            accepted = 0;
            send(points.get(0), points.get(0).warmup(times.firstWarmup()), server);
            for (final Point point : points) {
                send(point, point.warmup(times.warmup()), server);
                stored.await(accepted, STORED_LIMIT);
                measured.add(measure(point, server, stored));
                progress.printf("  %s%n", point.label());
                progress.flush();
            }
        }
        return measured;
    }

    private Measured measure(final Point point, final ServiceProcess server, final StoredEvents stored)
            throws IOException, SQLException, InterruptedException {
        final Work workBefore = Work.of(server, accepted);
        final StageTimes before = StageTimes.of(server.pid());
        final long startNanos = System.nanoTime();
        final LoadResult load = send(point, point.duration(times.duration()), server);
        final StageTimes underLoad = StageTimes.of(server.pid()).minus(before);
        final long loadedNanos = System.nanoTime();
        stored.await(accepted, STORED_LIMIT);
        final long storedNanos = System.nanoTime();
        final StageTimes all = StageTimes.of(server.pid()).minus(before);
        final long events = load.total(LoadCounter.EVENTS_ACCEPTED);
        return new Measured(
                point.label(),
                load.seconds(),
                events,
                load.total(LoadCounter.EVENTS_REFUSED),
                load.latencyNanos().getValueAtPercentile(50) / 1e6,
                load.latencyNanos().getValueAtPercentile(99) / 1e6,
                load.seconds() + (storedNanos - loadedNanos) / 1e9,
                divided(all, events),
                divided(underLoad, loadedNanos - startNanos),
                Work.of(server, accepted).minus(workBefore),
                balanced(server) && stored.count() == accepted);
    }

    private LoadResult send(final Point point, final Duration duration, final ServiceProcess server)
            throws IOException, InterruptedException {
        final LoadResult load = Load.run(point.plan(server.ingest(), duration), LoadListener.NONE);
        if (load.failures() > 0 || load.total(LoadCounter.EVENTS_ACCEPTED) == 0) {
            throw new IOException(point.label() + ": not every request was answered: " + load.total());
        }
        accepted += load.total(LoadCounter.EVENTS_ACCEPTED);
        return load;
    }

    private boolean balanced(final ServiceProcess server) throws IOException, InterruptedException {
        final String books = server.get("/ledger?verify=full");
        final Matcher numbers = BOOKS.matcher(books);
        if (!numbers.matches()) {
            throw new IOException("no ledger: " + books);
        }
        return numbers.group(1).equals("true") && Long.parseLong(numbers.group(2)) == accepted;
    }

    private static Map<Stage, Double> divided(final StageTimes times, final long by) {
        final Map<Stage, Double> quotients = new EnumMap<>(Stage.class);
        times.nanos().forEach((stage, nanos) -> quotients.put(stage, (double) nanos / by));
        return quotients;
    }
}
