package io.millrace.storage.postgres;

import static io.millrace.storage.testing.PostgresExtension.connect;
import static io.millrace.storage.testing.PostgresExtension.number;
import static io.millrace.storage.testing.PostgresExtension.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.pipeline.testing.TestEvent;
import io.millrace.pipeline.window.FlushBatch;
import io.millrace.pipeline.window.StoreException;
import io.millrace.pipeline.window.Watermark;
import io.millrace.storage.postgres.query.EventQueries;
import io.millrace.storage.testing.Await;
import io.millrace.storage.testing.PostgresExtension;
import io.millrace.storage.testing.Relay;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

class StreamOwnershipIT {
    @RegisterExtension
    static final PostgresExtension POSTGRES = new PostgresExtension();

    private static final String STREAM = "millrace:events:{node-0}";
    private static final Duration DEDUP_WINDOW = Duration.ofMinutes(10);
    private static final long NOON = Instant.parse("2026-03-01T12:00:00Z").toEpochMilli();
    private static final Duration LONG_LEASE = Duration.ofMinutes(10);
    private static final Duration SHORT_LEASE = Duration.ofMillis(200);
    private static final Watermark NEXT = WindowModel.counted(1);
    private static final String AGGREGATORS = "FROM pg_stat_activity WHERE application_name = 'millrace-aggregator'"
            + " AND datname = current_database()";

    private final WindowModel model = new WindowModel();
    private final FlushBatch batch = WindowModel.newBatch();
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private PostgresSettings database;
    private PostgresWindowStore store;

    @BeforeEach
    void openStore() throws SQLException {
        database = POSTGRES.newDatabase();
        PostgresSchema.prepare(database, WindowModel.WINDOW_MILLIS, Duration.ofSeconds(10));
        store = newStore(LONG_LEASE);
    }

    @AfterEach
    void closeStore() throws InterruptedException {
        store.close();
        executor.shutdown();
        assertThat(executor.awaitTermination(120, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void shouldLeaveTheStreamOfALiveOwnerAlone() throws Exception {
        store.own(List.of(STREAM));
        try (PostgresWindowStore contender = newStore(LONG_LEASE)) {
            assertThat(contender.own(List.of(STREAM, "free"))).containsOnlyKeys("free");
        }
        store.commit(batch, Map.of(STREAM, NEXT));
    }

    @Test
    void shouldTakeTheStreamOfAnOwnerThatClosed() throws Exception {
        store.own(List.of(STREAM));
        store.close();
        try (PostgresWindowStore contender = newStore(LONG_LEASE)) {
            assertThat(awaitOwned(contender)).containsOnlyKeys(STREAM);
        }
    }

    @Test
    void shouldEndASilentOwnerAndTakeItsStream() throws Exception {
        store.own(List.of(STREAM));
        try (PostgresWindowStore contender = newStore(SHORT_LEASE)) {
            assertThat(awaitOwned(contender)).containsExactly(Map.entry(STREAM, Watermark.START));
            model.add(batch, new TestEvent(NOON, "u", "click", "b"));
            assertThatThrownBy(() -> store.commit(batch, Map.of(STREAM, NEXT)))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("SQLSTATE");
            contender.commit(batch, Map.of(STREAM, NEXT));
            assertThat(WindowModel.storedGroups(database)).isEqualTo(model.groups());
            assertThat(store.own(List.of(STREAM))).isEmpty();
        }
    }

    @Test
    void shouldAskAnOwnerWhoHasMoreAndWaitUntilItLetsGo() throws Exception {
        final List<String> streams = List.of("a", "b", "c", "d");
        store.own(streams);
        try (PostgresWindowStore asker = newStore(LONG_LEASE)) {
            assertThat(asker.own(streams)).isEmpty();
            assertThat(store.asked()).isEmpty();
            store.own(streams);
            assertThat(store.asked()).containsExactlyInAnyOrder("a", "b");

            store.release(store.asked());

            assertThat(store.own(streams)).as("what another asked for").isEmpty();
            assertThat(asker.own(streams)).containsOnlyKeys("a", "b");
            store.commit(batch, Map.of("c", NEXT));
            asker.commit(batch, Map.of("a", NEXT));
            assertThatThrownBy(() -> store.commit(batch, Map.of("a", NEXT))).isInstanceOf(StoreException.class);
        }
    }

    @Test
    void shouldTakeBackWhatAnAskerLeftThatIsGone() throws Exception {
        final List<String> streams = List.of("a", "b");
        store.own(streams);
        try (PostgresWindowStore asker = newStore(LONG_LEASE)) {
            asker.own(streams);
            store.own(streams);
            store.release(List.of("a"));
        }
        Await.until("the stream is free", () -> store.own(streams).containsKey("a"));
        assertThat(store.asked()).isEmpty();
    }

    @Test
    void shouldEndAnAskerThatIsSilent() throws Exception {
        final List<String> streams = List.of("a", "b");
        newStoreAsField(SHORT_LEASE);
        store.own(streams);
        try (PostgresWindowStore asker = newStore(LONG_LEASE)) {
            asker.own(streams);
            store.own(streams);
            store.release(List.of("a"));
            Await.until("the stream is free", () -> store.own(streams).containsKey("a"));
            assertThatThrownBy(() -> asker.own(streams)).isInstanceOf(StoreException.class);
        }
    }

    @Test
    void shouldReleaseOnlyWhatItOwns() throws Exception {
        store.own(List.of("a"));
        assertThatThrownBy(() -> store.release(List.of("a", "b"))).isInstanceOf(StoreException.class);
        store.release(List.of("a"));
        assertThat(store.own(List.of("a"))).containsOnlyKeys("a");
        store.leave();
        assertThat(store.asked()).isEmpty();
        assertThatThrownBy(() -> store.release(List.of("a"))).isInstanceOf(StoreException.class);
        assertThat(awaitOwned(store)).containsOnlyKeys(STREAM);
    }

    @Test
    void shouldEndAnOwnerThatStoppedInsideACopy() throws Exception {
        try (Connection stopped = connect(database);
                Statement statement = stopped.createStatement()) {
            statement.execute("SELECT pg_advisory_lock(" + StreamLocks.key(STREAM) + ")");
            statement.execute("CREATE TEMPORARY TABLE t (i int)");
            final CopyIn copy = stopped.unwrap(PGConnection.class).getCopyAPI().copyIn("COPY t FROM STDIN");
            assertThat(copy.isActive()).isTrue();
            assertThat(awaitOwned(newStoreAsField(SHORT_LEASE))).containsOnlyKeys(STREAM);
        }
    }

    @Test
    void shouldNotEndAnOwnerWhoseStatementRuns() throws Exception {
        try (Connection busy = connect(database);
                Statement statement = busy.createStatement()) {
            statement.execute("SELECT pg_advisory_lock(" + StreamLocks.key(STREAM) + ")");
            final Future<?> sleep = executor.submit(() -> statement.execute("SELECT pg_sleep(1.5)"));
            Await.until(
                    "its statement",
                    () -> number(
                                    database,
                                    "SELECT count(*) FROM pg_stat_activity"
                                            + " WHERE query LIKE 'SELECT pg_sleep%' AND state = 'active'")
                            == 1);
            newStoreAsField(SHORT_LEASE);
            while (!sleep.isDone()) {
                store.own(List.of(STREAM));
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            }
            assertThat(sleep.get()).isEqualTo(true);
        }
    }

    @Test
    void shouldTellByTheWatermarkThatAKilledCommitWasNotMade() throws Exception {
        store.own(List.of(STREAM));
        model.add(batch, new TestEvent(NOON, "u", "click", "b"));
        store.commit(batch, Map.of(STREAM, NEXT));
        final Watermark second = WindowModel.counted(2);
        try (Connection blocker = connect(database);
                Statement statement = blocker.createStatement()) {
            blocker.setAutoCommit(false);
            statement.execute("SELECT * FROM day_totals FOR UPDATE");
            final Future<?> commit = executor.submit(() -> {
                store.commit(batch, Map.of(STREAM, second));
                return null;
            });
            Await.until(
                    "a commit that waits",
                    () -> number(database, "SELECT count(*) " + AGGREGATORS + " AND wait_event_type = 'Lock'") == 1);
            assertThat(number(database, "SELECT count(pg_terminate_backend(pid)) " + AGGREGATORS))
                    .isEqualTo(1);
            assertThatThrownBy(() -> commit.get(120, TimeUnit.SECONDS)).hasCauseInstanceOf(StoreException.class);
            blocker.rollback();
        }
        assertThat(awaitOwned(store)).containsExactly(Map.entry(STREAM, NEXT));
        assertThat(WindowModel.storedUsers(database)).isEqualTo(model.users());
        store.commit(batch, Map.of(STREAM, second));
        assertThat(number(database, "SELECT sum(count) FROM user_events")).isEqualTo(2);
    }

    @Test
    void shouldTellByTheWatermarkThatAnUnconfirmedCommitWasMade() throws Exception {
        final int port = Integer.parseInt(database.jdbcUrl().replaceFirst(".*:([0-9]+)/.*", "$1"));
        final LostReply lost = new LostReply();
        try (Relay relay = new Relay(port, lost);
                PostgresWindowStore behindProxy = new PostgresWindowStore(
                        new PostgresSettings(
                                database.jdbcUrl().replace(":" + port + "/", ":" + relay.port() + "/"),
                                database.user(),
                                database.password()),
                        LONG_LEASE,
                        DEDUP_WINDOW,
                        () -> NOON,
                        System::nanoTime)) {
            relay.open();
            behindProxy.own(List.of(STREAM));
            model.add(batch, new TestEvent(NOON, "u", "click", "b"));
            assertThatThrownBy(() -> behindProxy.commit(batch, Map.of(STREAM, NEXT)))
                    .isInstanceOf(StoreException.class);
            assertThat(lost.hasCut()).isTrue();
            assertThat(awaitOwned(behindProxy)).containsExactly(Map.entry(STREAM, NEXT));
        }
        assertThat(WindowModel.storedUsers(database)).isEqualTo(model.users());
    }

    @Test
    void shouldSayThatItLivesOnlyWhenItWasSilent() throws Exception {
        final AtomicLong nanos = new AtomicLong();
        store.close();
        store = new PostgresWindowStore(database, Duration.ofSeconds(9), Duration.ZERO, () -> NOON, nanos::get);
        store.heartbeat();
        store.own(List.of(STREAM));
        final String lastQuery = "SELECT query " + AGGREGATORS;
        final List<List<String>> afterOwn = rows(database, lastQuery);
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(2_999));
        store.heartbeat();
        assertThat(rows(database, lastQuery)).isEqualTo(afterOwn);
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(1));
        store.heartbeat();
        assertThat(rows(database, lastQuery)).containsExactly(List.of("SELECT 1"));
        number(database, "SELECT count(pg_terminate_backend(pid, 60000)) " + AGGREGATORS);
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(3));
        assertThatThrownBy(store::heartbeat).isInstanceOf(StoreException.class);
    }

    @Test
    void shouldCommitFromTwoOwnersToTheSameGroupsWithoutDeadlock() throws Exception {
        final int flushes = 40;
        final List<Future<WindowModel>> owners = new ArrayList<>();
        for (int owner = 0; owner < 2; owner++) {
            final int seed = owner;
            owners.add(executor.submit(() -> commitOften("stream-" + seed, seed, flushes)));
        }
        long events = 0;
        for (final Future<WindowModel> owner : owners) {
            events += owner.get(120, TimeUnit.SECONDS).events();
        }
        try (EventQueries queries = new EventQueries(database)) {
            assertThat(queries.totals(false).counted()).isEqualTo(events);
            assertThat(queries.totals(true).counted()).isEqualTo(events);
            assertThat(queries.totals(true).streams())
                    .extracting(stream -> stream.watermark().lastEvent())
                    .satisfies(lasts -> assertThat(
                                    lasts.stream().mapToLong(Long::longValue).sum())
                            .isEqualTo(queries.totals(true).counted()));
        }
    }

    private WindowModel commitOften(final String stream, final long seed, final int flushes) throws StoreException {
        final WindowModel counted = new WindowModel();
        final FlushBatch batch = WindowModel.newBatch();
        final Random random = new Random(seed);
        try (PostgresWindowStore owner = newStore(LONG_LEASE)) {
            owner.own(List.of(stream));
            for (int flush = 0; flush < flushes; flush++) {
                for (int i = 0; i < 300; i++) {
                    final long day = TimeUnit.DAYS.toMillis(random.nextInt(3));
                    counted.add(batch, new TestEvent(NOON - day, "u" + seed, "click", "e" + random.nextInt(100)));
                }
                owner.commit(batch, Map.of(stream, WindowModel.counted(counted.events())));
                batch.clear();
            }
        }
        return counted;
    }

    private PostgresWindowStore newStore(final Duration lease) {
        return new PostgresWindowStore(database, lease, DEDUP_WINDOW, () -> NOON, System::nanoTime);
    }

    private PostgresWindowStore newStoreAsField(final Duration lease) {
        store.close();
        store = newStore(lease);
        return store;
    }

    private static Map<String, Watermark> awaitOwned(final PostgresWindowStore store) throws Exception {
        final List<Map<String, Watermark>> owned = new ArrayList<>();
        Await.until("the stream", () -> {
            owned.add(store.own(List.of(STREAM)));
            return !owned.get(owned.size() - 1).isEmpty();
        });
        return owned.get(owned.size() - 1);
    }
}
