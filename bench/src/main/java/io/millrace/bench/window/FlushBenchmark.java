package io.millrace.bench.window;

import io.millrace.bench.process.TemporaryFolder;
import io.millrace.pipeline.ship.EntryId;
import io.millrace.pipeline.window.FlushBatch;
import io.millrace.pipeline.window.StoreException;
import io.millrace.pipeline.window.Watermark;
import io.millrace.storage.embedded.postgres.EmbeddedPostgres;
import io.millrace.storage.postgres.PostgresSchema;
import io.millrace.storage.postgres.PostgresSettings;
import io.millrace.storage.postgres.PostgresWindowStore;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Time per event of a commit to an embedded PostgreSQL, everything but the reading of the stream: the price of an id. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgsAppend = "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class FlushBenchmark {
    private static final int EVENTS = 10_000;
    private static final int SLICES = 4;
    private static final int IDS_A_SLICE = 200_000;
    private static final Duration WINDOW = Duration.ofHours(1);

    /** What ids the events have. */
    public enum Ids {
        NONE,
        NEW,
        /** Half of the events were counted before. */
        HALF_REPEATED
    }

    @Param({"NONE", "NEW", "HALF_REPEATED"})
    private Ids ids;

    /** How many slices of 200,000 ids are looked into beside the open one. */
    @Param({"4"})
    private int closedSlices;

    private final EventSource source = new EventSource();
    private final AtomicLong nanos = new AtomicLong();
    private final FlushBatch batch = new FlushBatch(EventSource.WINDOW_MILLIS, 1, FlushBatch.EventIds.COMPARED);
    private TemporaryFolder folder;
    private EmbeddedPostgres postgres;
    private PostgresWindowStore store;
    private Watermark watermark;
    private long nextId;

    /** Starts PostgreSQL and fills the closed slices. */
    @Setup
    public void start() throws IOException, InterruptedException, SQLException, StoreException {
        folder = TemporaryFolder.create("millrace-bench");
        postgres = EmbeddedPostgres.start(folder.path());
        final PostgresSettings settings =
                new PostgresSettings(postgres.jdbcUrl(), postgres.user(), postgres.password());
        PostgresSchema.prepare(settings, EventSource.WINDOW_MILLIS, Duration.ofSeconds(10));
        store = new PostgresWindowStore(
                settings, PostgresWindowStore.DEFAULT_LEASE, WINDOW, System::currentTimeMillis, nanos::get);
        watermark = store.own(List.of(EventSource.STREAM)).get(EventSource.STREAM);
        if (ids != Ids.NONE) {
            for (int slice = 0; slice < closedSlices; slice++) {
                fillAndClose(settings);
            }
        }
    }

    private void fillAndClose(final PostgresSettings settings) throws SQLException, StoreException {
        for (int i = 0; i < IDS_A_SLICE; i++) {
            source.add(batch, nextId++);
        }
        commit();
        try (Connection connection =
                        DriverManager.getConnection(settings.jdbcUrl(), settings.user(), settings.password());
                Statement statement = connection.createStatement()) {
            statement.execute("UPDATE event_id_slices SET opened_at = opened_at - interval '1 hour'"
                    + " WHERE closed_at IS NULL");
        }
        nanos.addAndGet(WINDOW.toNanos() / SLICES);
        store.heartbeat();
    }

    /** Makes the batch that is flushed. */
    @Setup(Level.Invocation)
    public void fill() {
        batch.clear();
        for (int i = 0; i < EVENTS; i++) {
            if (ids == Ids.NONE) {
                source.add(batch);
            } else {
                // Those that were counted before are spread over all slices.
                final boolean isRepeated = ids == Ids.HALF_REPEATED && (i & 1) == 0 && nextId > EVENTS;
                source.add(batch, isRepeated ? Math.floorMod(i * 7_919L + nextId, nextId - EVENTS) : nextId++);
            }
        }
    }

    /** One flush. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public Watermark commit() throws StoreException {
        final long last = watermark.lastEvent()
                + batch.groups().eventCount()
                + batch.identified().size();
        final Watermark next = new Watermark(
                new EntryId(0, last),
                last,
                watermark.counted() + batch.groups().eventCount(),
                watermark.duplicates(),
                0,
                0);
        watermark = store.commit(batch, Map.of(EventSource.STREAM, next)).get(EventSource.STREAM);
        batch.clear();
        return watermark;
    }

    /** Stops PostgreSQL and removes its files. */
    @TearDown
    public void stop() throws IOException {
        store.close();
        postgres.close();
        folder.close();
    }
}
