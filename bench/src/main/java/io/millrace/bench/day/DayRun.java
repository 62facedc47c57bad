package io.millrace.bench.day;

import io.millrace.bench.load.EventShape;
import io.millrace.bench.process.PeakMemory;
import io.millrace.bench.process.ServiceProcess;
import io.millrace.bench.process.StageTimes;
import java.io.IOException;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** One day against a server that has just been started. The time ends when PostgreSQL itself says that it has every event. */
final class DayRun {
    private static final String STORED =
            "SELECT coalesce(sum(counted), 0)::bigint, pg_database_size(current_database()), pg_current_wal_lsn() - '0/0' FROM"
                    + " stream_watermarks";
    private static final String STORED_ONLY = "SELECT coalesce(sum(counted), 0)::bigint FROM stream_watermarks";
    private static final long POLL_MILLIS = 20;
    private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final ServiceProcess server;
    private final EventShape shape;
    private final DayModel model;
    private final long events;
    private final Duration limit;
    private final PrintWriter progress;
    private volatile long sentNanos;
    private volatile Throwable failure;

    DayRun(
            final ServiceProcess server,
            final EventShape shape,
            final Duration window,
            final long events,
            final Duration limit,
            final PrintWriter progress) {
        this.server = server;
        this.shape = shape;
        model = new DayModel(shape, window.toMillis());
        this.events = events;
        this.limit = limit;
        this.progress = progress;
    }

    /** Sends, waits, compares. */
    DayResult run() throws Exception {
        try (Connection database = server.connect();
                Statement statement = database.createStatement();
                DayGenerator generator = new DayGenerator(server.ingest(), shape, model, events)) {
            final Thread thread = new Thread(() -> send(generator), "generator");
            thread.setDaemon(true);
            final long[] before = numbers(statement, STORED);
            final StageTimes timesBefore = StageTimes.of(server.pid());
            final long startNanos = System.nanoTime();
            thread.start();
            awaitStored(statement, generator, startNanos);
            final long endNanos = System.nanoTime();
            final StageTimes times = StageTimes.of(server.pid()).minus(timesBefore);
            final PeakMemory memory = PeakMemory.of(server.pid());
            thread.join();
            final long[] after = numbers(statement, STORED);
            progress.println("comparing");
            return new DayResult(
                    events,
                    (sentNanos - startNanos) / 1e9,
                    (endNanos - startNanos) / 1e9,
                    generator.shedRequests(),
                    times,
                    memory,
                    after[1] - before[1],
                    after[2] - before[2],
                    server.get("/ledger?verify=full").contains("\"balanced\":true"),
                    audit().compare(database));
        }
    }

    /** Compares with what was sent; after {@link #run}. */
    DayAudit audit() {
        return new DayAudit(shape, model);
    }

    private void send(final DayGenerator generator) {
        try {
            generator.run();
        } catch (final IOException | RuntimeException e) {
            failure = e;
        }
        sentNanos = System.nanoTime();
    }

    private void awaitStored(final Statement statement, final DayGenerator generator, final long startNanos)
            throws IOException, SQLException, InterruptedException {
        long nextProgressNanos = startNanos + PROGRESS_NANOS;
        long stored = 0;
        while (stored < events) {
            final long nowNanos = System.nanoTime();
            if (failure != null) {
                throw new IOException("the generator failed after " + generator.sent() + " events", failure);
            }
            if (nowNanos - startNanos > limit.toNanos()) {
                throw new IOException(
                        "not over after " + limit + ": " + generator.sent() + " events sent, " + stored + " stored");
            }
            if (nowNanos - nextProgressNanos >= 0) {
                nextProgressNanos += PROGRESS_NANOS;
                progress.printf(
                        Locale.ROOT,
                        "%4.0f s  sent %,d  stored %,d%n",
                        (nowNanos - startNanos) / 1e9,
                        generator.sent(),
                        stored);
                progress.flush();
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            stored = numbers(statement, STORED_ONLY)[0];
        }
    }

    private static long[] numbers(final Statement statement, final String query) throws SQLException {
        try (ResultSet row = statement.executeQuery(query)) {
            row.next();
            final long[] numbers = new long[row.getMetaData().getColumnCount()];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = row.getLong(i + 1);
            }
            return numbers;
        }
    }
}
