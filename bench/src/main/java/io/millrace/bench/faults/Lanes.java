package io.millrace.bench.faults;

import io.millrace.bench.faults.stage.Launch;
import io.millrace.bench.faults.stage.PostgresServer;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.ToIntFunction;

/**
 * Runs groups of rows side by side: each lane takes the next group when it is done with one, and when there is none any more it
 * takes rows off those that others are at. A lane has a PostgreSQL of its own, as
 * rows kill it; what else a row needs is its own anyway. For one thread.
 */
final class Lanes {
    private static final int SETTLE_SECONDS = 60;

    private final Path folder;
    private final Launch launch;
    private final long seed;
    private final PrintWriter progress;
    private final Report report;

    /**
     * Prepares runs.
     *
     * @param folder for their files
     * @param seed of all that is random
     * @param progress where each round is told
     * @param report is told of each row as it ends
     */
    Lanes(final Path folder, final Launch launch, final long seed, final PrintWriter progress, final Report report) {
        this.folder = folder;
        this.launch = launch;
        this.seed = seed;
        this.progress = progress;
        this.report = report;
    }

    /**
     * Runs them all; returns when the last one has ended. Several lanes begin with the groups of most rounds, so that they end at
     * about the same time.
     *
     * @param groups rows of one shape each, which share a stage
     * @param rounds of each row
     * @param lanes how many groups run at once
     */
    void run(final Collection<List<Row>> groups, final ToIntFunction<Row> rounds, final int lanes) throws Exception {
        final List<Queue<Row>> order = new ArrayList<>();
        groups.forEach(rows -> order.add(new ConcurrentLinkedQueue<>(rows)));
        if (lanes > 1) {
            order.sort(
                    Comparator.comparing(rows -> -rows.stream().mapToInt(rounds).sum()));
        }
        final Queue<Queue<Row>> notBegun = new ConcurrentLinkedQueue<>(order);
        final ExecutorService threads = Executors.newFixedThreadPool(lanes, task -> new Thread(task, "lane"));
        try {
            final List<Future<?>> running = new ArrayList<>();
            for (int lane = 1; lane <= lanes; lane++) {
                final Path home = folder.resolve("lane-" + lane);
                running.add(threads.submit(() -> {
                    runOneAfterTheOther(notBegun, order, rounds, home);
                    return null;
                }));
            }
            for (final Future<?> lane : running) {
                lane.get();
            }
        } catch (final ExecutionException e) {
            throw new IllegalStateException("a lane of the matrix has failed", e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }

    private void runOneAfterTheOther(
            final Queue<Queue<Row>> notBegun,
            final List<Queue<Row>> all,
            final ToIntFunction<Row> rounds,
            final Path home)
            throws Exception {
        try (PostgresServer postgres = PostgresServer.start(home.resolve("stores"))) {
            final RowRun run = new RowRun(home, postgres, launch, seed, progress, SETTLE_SECONDS);
            for (Queue<Row> rows = notBegun.poll(); rows != null; rows = notBegun.poll()) {
                run.run(rows, rounds, report::line);
            }
            for (final Queue<Row> rows : all) {
                run.run(rows, rounds, report::line);
            }
        }
    }
}
