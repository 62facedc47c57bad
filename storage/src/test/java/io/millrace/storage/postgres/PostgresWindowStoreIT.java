package io.millrace.storage.postgres;

import static io.millrace.storage.testing.PostgresExtension.execute;
import static io.millrace.storage.testing.PostgresExtension.number;
import static io.millrace.storage.testing.PostgresExtension.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.pipeline.event.EventFlyweight;
import io.millrace.pipeline.event.EventLayout;
import io.millrace.pipeline.ship.EntryId;
import io.millrace.pipeline.testing.TestEvent;
import io.millrace.pipeline.window.FlushBatch;
import io.millrace.pipeline.window.StoreException;
import io.millrace.pipeline.window.Watermark;
import io.millrace.storage.postgres.query.EventQueries;
import io.millrace.storage.postgres.query.StoredTotals;
import io.millrace.storage.testing.PostgresExtension;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.SystemNanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresWindowStoreIT {
    @RegisterExtension
    static final PostgresExtension POSTGRES = new PostgresExtension();

    private static final String STREAM = "millrace:events:{node-0}";
    private static final Duration DEDUP_WINDOW = Duration.ofMinutes(10);
    private static final long NOON = Instant.parse("2026-03-01T12:00:00Z").toEpochMilli();
    private static final Duration DAY = Duration.ofDays(1);

    private final WindowModel model = new WindowModel();
    private final FlushBatch batch = WindowModel.newBatch();
    private PostgresSettings database;
    private PostgresWindowStore store;
    private Watermark watermark = Watermark.START;

    @BeforeEach
    void openStore() throws SQLException {
        database = POSTGRES.newDatabase();
        PostgresSchema.prepare(database, WindowModel.WINDOW_MILLIS, Duration.ofSeconds(10));
        store = new PostgresWindowStore(
                database, PostgresWindowStore.DEFAULT_LEASE, DEDUP_WINDOW, () -> NOON, System::nanoTime);
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    @Test
    void shouldCountExactlyOverRandomFlushes() throws Exception {
        final Random random = new Random(7);
        store.own(List.of(STREAM));
        for (int flush = 0; flush < 25; flush++) {
            for (int i = random.nextInt(400); i >= 0; i--) {
                final long timestampMillis = NOON - random.nextInt(3) * DAY.toMillis() + random.nextInt(40_000);
                model.add(
                        batch,
                        new TestEvent(
                                timestampMillis,
                                "user" + random.nextInt(50),
                                "action" + random.nextInt(3),
                                "element" + random.nextInt(8)));
            }
            flush();
        }
        assertBooksBalance();
        assertThat(number(database, "SELECT sum(count) FROM hourly_totals")).isEqualTo(model.events());
        assertThat(rows(
                        database,
                        "SELECT hour, action, element, count FROM hourly_totals EXCEPT"
                                + " SELECT date_trunc('hour', window_start, 'UTC'), action, element, sum(count)::bigint"
                                + " FROM aggregated_events GROUP BY 1, 2, 3"))
                .isEmpty();
        assertThat(number(database, "SELECT count(*) FROM day_totals")).isEqualTo(3);
    }

    @Test
    void shouldKeepEveryStringAsItIs() throws Exception {
        final List<String> strings = List.of(
                "\uFFFF",
                "\u0001\u007F",
                "\uD83D\uDE80 rocket",
                "x".repeat(128),
                "\uD83D\uDE80".repeat(32),
                "{a,\"b\"}",
                "NULL",
                "\\N",
                "tab\tline\nquote'\"back\\slash",
                " ");
        store.own(List.of(STREAM));
        for (final String string : strings) {
            model.add(batch, new TestEvent(NOON, string, string, string + string));
            model.add(batch, new TestEvent(NOON, string, "click", "button"));
        }
        flush();
        assertBooksBalance();
    }

    @Test
    void shouldDivideTheUsersOfALargeGroup() throws Exception {
        store.own(List.of(STREAM));
        final int users = 2 * GroupCopy.MAX_USERS_PER_ROW + 1;
        for (int user = 0; user < users; user++) {
            model.add(batch, new TestEvent(NOON, "user-with-a-long-name-" + user, "view", "page"));
        }
        flush();
        assertBooksBalance();
        assertThat(number(database, "SELECT count(*) FROM user_event_maps")).isEqualTo(3);
    }

    @Test
    void shouldMakePartitionsOnDemandAndAhead() throws Exception {
        store.own(List.of(STREAM));
        for (final String time : List.of(
                "1969-12-31T23:59:59.999Z",
                "1970-01-01T00:00:00Z",
                "2024-02-29T23:59:59.999Z",
                "2024-03-01T00:00:00Z",
                "9999-12-29T10:00:00Z")) {
            model.add(batch, new TestEvent(Instant.parse(time).toEpochMilli(), "u", "click", time));
            flush();
        }
        assertBooksBalance();
        final String partitions = "SELECT inhrelid::regclass FROM pg_inherits"
                + " WHERE inhparent = 'aggregated_events'::regclass ORDER BY inhrelid::regclass::text COLLATE \"C\"";
        assertThat(rows(database, partitions))
                .extracting(row -> row.get(0).replace("aggregated_events_", ""))
                .containsExactly(
                        "19691231", "19700101", "20240229", "20240301", "20260301", "20260302", "20260303", "99991229");
    }

    @Test
    void shouldNotFailAFlushForPartitionsThatAreOnlyMadeAhead() throws Exception {
        final AtomicLong nowMillis = new AtomicLong(NOON);
        store = new PostgresWindowStore(
                database, PostgresWindowStore.DEFAULT_LEASE, DEDUP_WINDOW, nowMillis::get, SystemNanoClock.INSTANCE);
        store.own(List.of(STREAM));
        model.add(batch, new TestEvent(NOON, "u", "click", "b"));
        flush();
        nowMillis.addAndGet(DAY.toMillis());
        final String partitions = "SELECT count(*) FROM pg_inherits WHERE inhparent = 'aggregated_events'::regclass";
        try (Connection analyst = PostgresExtension.connect(database);
                Statement statement = analyst.createStatement()) {
            analyst.setAutoCommit(false);
            statement.execute("LOCK TABLE aggregated_events IN SHARE UPDATE EXCLUSIVE MODE");
            model.add(batch, new TestEvent(nowMillis.get(), "u", "click", "b"));
            flush();
            analyst.rollback();
        }
        assertThat(number(database, partitions)).isEqualTo(3);
        nowMillis.addAndGet(Duration.ofMinutes(1).toMillis());
        flush();
        assertThat(number(database, partitions)).isEqualTo(4);
        assertBooksBalance();
    }

    @Test
    void shouldRefuseAWindowThatNoDateCanHold() throws Exception {
        store.own(List.of(STREAM));
        model.add(batch, new TestEvent(Long.MAX_VALUE, "u", "click", "b"));
        assertThatThrownBy(this::flush).isInstanceOf(StoreException.class).hasMessageContaining("22008");
        assertNothingStored();
    }

    @Test
    void shouldMoveWatermarksWithoutGroups() throws Exception {
        store.own(List.of(STREAM));
        final Watermark moved = new Watermark(new EntryId(3, 9), 9, 0, 4, 2, 3);
        store.commit(batch, Map.of(STREAM, moved));
        store.close();
        assertThat(store.own(List.of(STREAM))).containsExactly(Map.entry(STREAM, moved));
        assertNothingStored();
    }

    @Test
    void shouldStartEachStreamAtItsOwnWatermark() throws Exception {
        assertThat(store.own(List.of(STREAM, "other")))
                .containsOnly(Map.entry(STREAM, Watermark.START), Map.entry("other", Watermark.START));
        model.add(batch, new TestEvent(NOON, "u", "click", "b"));
        flush();
        store.close();
        assertThat(store.own(List.of("other", STREAM)))
                .containsOnly(Map.entry(STREAM, watermark), Map.entry("other", Watermark.START));
        assertThat(store.own(List.of(STREAM))).isEmpty();
    }

    @Test
    void shouldWriteNothingIfSomebodyElseMovedTheWatermark() throws Exception {
        store.own(List.of(STREAM, "other"));
        execute(database, "UPDATE stream_watermarks SET last_event = 1 WHERE stream = 'other'");
        model.add(batch, new TestEvent(NOON, "u", "click", "b"));
        final Watermark next = WindowModel.counted(1);
        assertThatThrownBy(() -> store.commit(batch, Map.of(STREAM, next, "other", next)))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("only 1 of 2 watermarks");
        assertNothingStored();
        assertThatThrownBy(() -> store.commit(batch, Map.of(STREAM, next)))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("does not own");
        assertThat(store.own(List.of(STREAM, "other")).get("other").lastEvent()).isEqualTo(1);
    }

    @Test
    void shouldRefuseACommitThatItMustNotMake() throws Exception {
        final Map<String, Watermark> next = Map.of(STREAM, WindowModel.counted(5));
        assertThatThrownBy(() -> store.commit(batch, next)).isInstanceOf(StoreException.class);
        store.own(List.of(STREAM));
        store.commit(batch, next);
        assertThatIllegalArgumentException().isThrownBy(() -> store.commit(batch, Map.of(STREAM, Watermark.START)));
        model.add(batch, new TestEvent(NOON, "u", "click", "b"));
        assertThatIllegalArgumentException().isThrownBy(() -> store.commit(batch, Map.of()));
        assertNothingStored();
    }

    @Test
    void shouldNameTheStateOfDataThatPostgresRefuses() throws Exception {
        store.own(List.of(STREAM));
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[EventLayout.MAX_LENGTH]);
        final int length = EventLayout.putHeader(buffer, 0, NOON, 1, 1, 1, 0);
        buffer.putByte(EventLayout.HEADER_LENGTH, (byte) 0xFF);
        final EventFlyweight event = new EventFlyweight();
        assertThat(event.tryWrap(buffer, 0, length)).isTrue();
        batch.groups().add(event);
        assertThatThrownBy(this::flush).isInstanceOf(StoreException.class).hasMessageContaining("SQLSTATE 22021");
        assertNothingStored();
        batch.clear();
        store.own(List.of(STREAM));
        model.add(batch, new TestEvent(NOON, "u", "click", "b"));
        flush();
        assertBooksBalance();
    }

    @Test
    void shouldGoOnAfterAPartitionWasDropped() throws Exception {
        store.own(List.of(STREAM));
        model.add(batch, new TestEvent(NOON, "u", "click", "b"));
        flush();
        execute(
                database,
                "DROP TABLE aggregated_events_20260301",
                "DROP TABLE user_event_maps_20260301",
                "UPDATE day_totals SET expired = true");
        model.add(batch, new TestEvent(NOON, "v", "click", "b"));
        assertThatThrownBy(this::commitTable).isInstanceOf(StoreException.class);
        assertThat(store.own(List.of(STREAM))).containsExactly(Map.entry(STREAM, watermark));
        flush();
        try (EventQueries queries = new EventQueries(database)) {
            assertThat(queries.totals(false).counted() + queries.totals(false).expired())
                    .isEqualTo(2);
            assertThat(queries.totals(true).counted()).isEqualTo(1);
            assertThat(queries.totals(true).expired()).isEqualTo(1);
        }
    }

    private void flush() throws StoreException {
        watermark = commitTable();
        batch.clear();
    }

    private Watermark commitTable() throws StoreException {
        final long last = watermark.lastEvent() + batch.groups().eventCount();
        final Watermark next = WindowModel.counted(last);
        store.commit(batch, Map.of(STREAM, next));
        return next;
    }

    private void assertBooksBalance() throws Exception {
        assertThat(WindowModel.storedGroups(database)).isEqualTo(model.groups());
        assertThat(WindowModel.storedUsers(database)).isEqualTo(model.users());
        try (EventQueries queries = new EventQueries(database)) {
            for (final boolean verify : new boolean[] {false, true}) {
                final StoredTotals totals = queries.totals(verify);
                assertThat(totals.counted()).isEqualTo(model.events());
                assertThat(totals.expired()).isZero();
                assertThat(totals.streams()).singleElement().satisfies(stream -> {
                    assertThat(stream.stream()).isEqualTo(STREAM);
                    assertThat(stream.watermark()).isEqualTo(watermark);
                });
            }
        }
    }

    private void assertNothingStored() throws SQLException {
        assertThat(number(
                        database,
                        "SELECT (SELECT count(*) FROM aggregated_events) + (SELECT count(*) FROM user_event_maps)"
                                + " + (SELECT count(*) FROM hourly_totals) + (SELECT count(*) FROM day_totals)"))
                .isZero();
    }
}
