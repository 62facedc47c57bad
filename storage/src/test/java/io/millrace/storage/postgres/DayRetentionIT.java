package io.millrace.storage.postgres;

import static io.millrace.storage.testing.PostgresExtension.connect;
import static io.millrace.storage.testing.PostgresExtension.execute;
import static io.millrace.storage.testing.PostgresExtension.number;
import static io.millrace.storage.testing.PostgresExtension.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.pipeline.testing.TestEvent;
import io.millrace.pipeline.window.StoreException;
import io.millrace.storage.postgres.query.EventQueries;
import io.millrace.storage.postgres.query.StoredTotals;
import io.millrace.storage.testing.PostgresExtension;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DayRetentionIT {
    @RegisterExtension
    static final PostgresExtension POSTGRES = new PostgresExtension();

    private static final Duration RETENTION = Duration.ofDays(2);
    private static final LocalDate TODAY = LocalDate.of(2026, 3, 1);

    private final AtomicLong nowMillis = new AtomicLong(Aggregation.NOON);
    private PostgresSettings database;
    private Aggregation aggregation;
    private DayRetention retention;

    @BeforeEach
    void open() throws Exception {
        database = POSTGRES.newDatabase();
        PostgresSchema.prepare(database, WindowModel.WINDOW_MILLIS, Duration.ofSeconds(10));
        aggregation = Aggregation.open("s", database, System::nanoTime);
        retention = new DayRetention(database, RETENTION, nowMillis::get);
    }

    @AfterEach
    void close() {
        aggregation.close();
    }

    @Test
    void shouldDropWholeDaysAndKeepTheBooksBalanced() throws Exception {
        for (int daysAgo = 0; daysAgo < 6; daysAgo++) {
            for (int i = 0; i <= daysAgo; i++) {
                aggregation.send(event(daysAgo, "user" + i));
            }
        }
        aggregation.flush();
        Books.assertBalanced(database);
        final long hours = number(database, "SELECT sum(count) FROM hourly_totals");

        // The day before yesterday ended 36 h ago; the one before it 60 h ago, and is the first that is too old.
        assertThat(retention.run()).isEqualTo(new DayRetention.Pass(3, 0));

        assertThat(days("aggregated_events")).containsExactlyElementsOf(days("user_event_maps"));
        assertThat(days("aggregated_events"))
                .containsExactly("20260227", "20260228", "20260301", "20260302", "20260303");
        assertThat(number(database, "SELECT sum(count) FROM aggregated_events")).isEqualTo(1 + 2 + 3);
        assertThat(number(database, "SELECT sum(count) FROM user_events")).isEqualTo(1 + 2 + 3);
        assertThat(rows(database, "SELECT day, count FROM day_totals WHERE expired ORDER BY day"))
                .containsExactly(List.of("2026-02-24", "6"), List.of("2026-02-25", "5"), List.of("2026-02-26", "4"));
        assertThat(number(database, "SELECT sum(count) FROM hourly_totals")).isEqualTo(hours);
        assertThat(number(database, "SELECT count(*) FROM pg_class WHERE relname ~ '_202602(24|25|26)'"))
                .isZero();
        assertTotals(6, 15);
        assertThat(retention.run()).isEqualTo(new DayRetention.Pass(0, 0));
    }

    @Test
    void shouldKeepADayForTheWholeRetentionAndAnHourMore() throws Exception {
        aggregation.send(event(2, "u"));
        aggregation.flush();
        nowMillis.set(startOf(TODAY.plusDays(1)) + DayRetention.GRACE.toMillis() - 1);
        assertThat(retention.run()).isEqualTo(new DayRetention.Pass(0, 0));
        nowMillis.incrementAndGet();
        assertThat(retention.run()).isEqualTo(new DayRetention.Pass(1, 0));
        assertTotals(0, 1);
    }

    @Test
    void shouldCountALateEventAndDropItsDayAgain() throws Exception {
        aggregation.send(event(5, "u"), event(5, "v"), event(0, "w"));
        aggregation.flush();
        retention.run();
        assertTotals(1, 2);

        // The session that made the partition believes that it is there still: it fails once, and looks again.
        aggregation.send(event(5, "late"));
        assertThatThrownBy(aggregation::flush).isInstanceOf(StoreException.class);
        aggregation.own();
        aggregation.send(event(5, "late"));
        aggregation.flush();
        assertThat(number(database, "SELECT sum(count) FROM aggregated_events")).isEqualTo(2);
        Books.assertBalanced(database);

        assertThat(retention.run()).isEqualTo(new DayRetention.Pass(1, 0));
        assertTotals(1, 3);
    }

    @Test
    void shouldNotCountAnEventIdAgainWhoseDayWasDropped() throws Exception {
        final TestEvent identified = new TestEvent(event(5, "u").timestampMillis(), "u", "click", "b", "id-1");
        aggregation.send(identified);
        aggregation.flush();
        retention.run();
        aggregation.close();
        aggregation = Aggregation.open("s", database, System::nanoTime);
        aggregation.send(identified);
        aggregation.flush();
        assertThat(aggregation.watermark().duplicates()).isEqualTo(1);
        assertTotals(0, 1);
    }

    @Test
    void shouldGiveWayToWhoReadsTheTableAndTryAgain() throws Exception {
        aggregation.send(event(5, "u"), event(4, "u"));
        aggregation.flush();
        try (Connection reader = connect(database);
                Statement statement = reader.createStatement()) {
            reader.setAutoCommit(false);
            statement.execute("SELECT count(*) FROM user_event_maps");
            assertThat(retention.run()).isEqualTo(new DayRetention.Pass(0, 2));
            assertTotals(2, 0);
            // Neither lock was kept: events flow.
            aggregation.send(event(0, "v"));
            aggregation.flush();
            reader.rollback();
        }
        assertThat(retention.run()).isEqualTo(new DayRetention.Pass(2, 0));
        assertTotals(1, 2);
    }

    @Test
    void shouldLeaveTablesOfOthersAlone() throws Exception {
        execute(
                database,
                "CREATE TABLE archive_20200101 PARTITION OF aggregated_events"
                        + " FOR VALUES FROM ('2020-01-01 00:00+00') TO ('2020-01-02 00:00+00')",
                "CREATE TABLE aggregated_events_20200102 AS SELECT 1 AS a");
        assertThat(retention.run()).isEqualTo(new DayRetention.Pass(0, 0));
        assertThat(number(database, "SELECT count(*) FROM pg_class WHERE relname ~ '_2020010[12]$'"))
                .isEqualTo(2);
    }

    @Test
    void shouldFinishWhatIsHalfThere() throws Exception {
        aggregation.send(event(5, "u"));
        aggregation.flush();
        execute(database, "DROP TABLE user_event_maps_20260224");
        assertThat(retention.run()).isEqualTo(new DayRetention.Pass(1, 0));
        assertTotals(0, 1);
    }

    /** Servers on the same database, each dropping what it finds, while events of the same days come. */
    @Test
    void shouldKeepTheBooksWhileServersDropAndEventsCome() throws Exception {
        final AtomicReference<Exception> failure = new AtomicReference<>();
        final AtomicBoolean stopped = new AtomicBoolean();
        final List<Thread> servers = List.of(dropper(stopped, failure), dropper(stopped, failure));
        servers.forEach(Thread::start);
        try {
            for (int round = 0; round < 60; round++) {
                aggregation.send(event(round % 6, "user" + round), event(0, "user"));
                try {
                    aggregation.flush();
                } catch (final StoreException e) {
                    // Its day went in the middle: what an aggregator does then.
                    aggregation.own();
                }
            }
        } finally {
            stopped.set(true);
            for (final Thread server : servers) {
                server.join();
            }
        }
        assertThat(failure).hasNullValue();
        assertThat(aggregation.watermark().counted()).isGreaterThan(60);
        Books.assertBalanced(database);
        retention.run();
        Books.assertBalanced(database);
        assertThat(days("aggregated_events")).doesNotContain("20260224", "20260225", "20260226");
    }

    private Thread dropper(final AtomicBoolean stopped, final AtomicReference<Exception> failure) {
        final DayRetention own = new DayRetention(database, RETENTION, nowMillis::get);
        return new Thread(() -> {
            try {
                while (!stopped.get()) {
                    own.run();
                    Books.assertBalanced(database);
                }
            } catch (final StoreException e) {
                failure.set(e);
            }
        });
    }

    private void assertTotals(final long counted, final long expired) throws StoreException {
        Books.assertBalanced(database);
        try (EventQueries queries = new EventQueries(database)) {
            for (final boolean verify : new boolean[] {false, true}) {
                final StoredTotals totals = queries.totals(verify);
                assertThat(List.of(totals.counted(), totals.expired())).containsExactly(counted, expired);
            }
        }
    }

    private List<String> days(final String parent) throws SQLException {
        return rows(
                        database,
                        "SELECT right(inhrelid::regclass::text, 8) FROM pg_inherits WHERE inhparent = '" + parent
                                + "'::regclass ORDER BY 1")
                .stream()
                .map(row -> row.get(0))
                .toList();
    }

    private static TestEvent event(final int daysAgo, final String user) {
        return new TestEvent(Aggregation.NOON - Duration.ofDays(daysAgo).toMillis(), user, "click", "b");
    }

    private static long startOf(final LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
    }
}
