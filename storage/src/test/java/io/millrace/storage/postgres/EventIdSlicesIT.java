package io.millrace.storage.postgres;

import static io.millrace.storage.testing.PostgresExtension.connect;
import static io.millrace.storage.testing.PostgresExtension.execute;
import static io.millrace.storage.testing.PostgresExtension.number;
import static io.millrace.storage.testing.PostgresExtension.rows;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.pipeline.window.StoreException;
import io.millrace.storage.testing.Await;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The slices of time that event ids are remembered in, while flushes go on. */
class EventIdSlicesIT extends TwoAggregators {
    private static final Duration WINDOW = Aggregation.DEDUP_WINDOW;
    private static final Duration SLICE = WINDOW.dividedBy(4);
    private static final String TABLES =
            "SELECT relname FROM pg_class WHERE relname ~ '^event_ids_[0-9]+$' AND relkind = 'r' ORDER BY relname";

    @Test
    void shouldKnowAnIdFromAClosedSlice() throws Exception {
        first.send(counted(event("a", "id")));
        first.flush();
        age(SLICE);
        rotate(second);
        assertThat(rows(database, LIVE)).containsExactly(List.of("1"), List.of("2"));
        first.send(event("a", "id"), counted(event("a", "later")));
        first.flush();
        age(SLICE);
        rotate(first);
        second.send(event("a", "id"), event("a", "later"), counted(event("a", "latest")));
        second.flush();

        assertThat(rows(database, TABLES))
                .containsExactly(List.of("event_ids_1"), List.of("event_ids_2"), List.of("event_ids_3"));
        assertStored();
    }

    @Test
    void shouldCountAnIdAgainOnceItsSliceHasBeenClosedForTheWindow() throws Exception {
        first.send(counted(event("a", "id")));
        first.flush();
        age(SLICE);
        rotate(first);
        age(WINDOW.minusSeconds(5));
        first.send(event("a", "id"), counted(event("a", "other")));
        first.flush();
        assertThat(first.watermark().duplicates()).isEqualTo(1);
        age(Duration.ofSeconds(5));
        first.send(counted(event("a", "id")));
        first.flush();
        assertStored();

        rotate(first);
        assertThat(rows(database, LIVE)).containsExactly(List.of("2"), List.of("3"));
        assertThat(rows(database, TABLES)).containsExactly(List.of("event_ids_2"), List.of("event_ids_3"));
    }

    @Test
    void shouldRememberAnIdForTheWindowFromItsCommitOn() throws Exception {
        first.send(counted(event("a", "id")));
        first.flush();
        // Nobody was there to close the slice in time: the last commit may have been just now.
        age(WINDOW.multipliedBy(2));
        rotate(first);
        first.send(event("a", "id"));
        first.flush();

        assertThat(first.watermark().duplicates()).isEqualTo(1);
        assertStored();
    }

    @Test
    void shouldLeaveAnEmptySliceOpen() throws Exception {
        rotate(first);
        for (int i = 0; i < 3; i++) {
            age(SLICE);
            rotate(first);
            rotate(second);
        }
        assertThat(rows(database, LIVE)).containsExactly(List.of("1"));
    }

    @Test
    void shouldCloseASliceOnceWhoeverLooks() throws Exception {
        first.send(counted(event("a", "id")));
        first.flush();
        age(SLICE);
        final List<Future<?>> rotations = new ArrayList<>();
        for (final Aggregation aggregation : List.of(first, second)) {
            rotations.add(executor.submit(() -> {
                rotate(aggregation);
                return null;
            }));
        }
        for (final Future<?> rotation : rotations) {
            rotation.get(120, TimeUnit.SECONDS);
        }
        assertThat(rows(database, LIVE)).containsExactly(List.of("1"), List.of("2"));
    }

    @Test
    void shouldNotCloseASliceBeforeAFlushThatWritesItHasCommitted() throws Exception {
        first.send(counted(event("a", "warm up")));
        first.flush();
        age(SLICE);
        first.send(counted(event("a", "id")));
        try (Connection blocker = connect(database);
                Statement statement = blocker.createStatement()) {
            blocker.setAutoCommit(false);
            statement.execute("SELECT * FROM day_totals FOR UPDATE");
            final Future<?> flush = flushing(first);
            Await.until("the flush waits", () -> waiting() == 1);
            rotate(second);
            assertThat(rows(database, LIVE)).containsExactly(List.of("1"));
            blocker.rollback();
            flush.get(120, TimeUnit.SECONDS);
        }
        rotate(second);
        assertThat(rows(database, LIVE)).containsExactly(List.of("1"), List.of("2"));
        second.send(event("a", "id"));
        second.flush();

        assertThat(second.watermark().duplicates()).isEqualTo(1);
        assertStored();
    }

    @Test
    void shouldUseTheNextSliceWhenOneWasClosedWhileAFlushWaited() throws Exception {
        first.send(counted(event("a", "id")));
        first.flush();
        second.send(event("a", "id"), counted(event("a", "other")));
        try (Connection rotation = connect(database);
                Statement statement = rotation.createStatement()) {
            rotation.setAutoCommit(false);
            // The row lock alone: the waiting flush has its snapshot, in which there is no next slice.
            statement.execute("SELECT * FROM event_id_slices FOR UPDATE");
            final Future<?> flush = flushing(second);
            Await.until("the flush waits", () -> waiting() == 1);
            statement.execute("CREATE TABLE event_ids_2 (id bytea PRIMARY KEY)");
            statement.execute("UPDATE event_id_slices SET closed_at = clock_timestamp()");
            statement.execute("INSERT INTO event_id_slices VALUES (2, clock_timestamp())");
            rotation.commit();
            flush.get(120, TimeUnit.SECONDS);
        }
        assertThat(second.watermark().duplicates()).isEqualTo(1);
        assertThat(rows(database, "SELECT convert_from(id, 'UTF8') FROM event_ids_2"))
                .containsExactly(List.of("other"));
        assertStored();
    }

    @Test
    void shouldCountOnceWhateverTwoAggregatorsDoAtTheSameTime() throws Exception {
        final long seed = System.nanoTime();
        final Aggregation third = open("third", database);
        final Future<Set<String>> run = executor.submit(() -> flushOften(first, new Random(seed)));
        final Future<Set<String>> otherRun = executor.submit(() -> flushOften(second, new Random(~seed)));
        final Future<Void> rotations = executor.submit(() -> rotateOften(third));
        final Set<String> ids = new HashSet<>(run.get(120, TimeUnit.SECONDS));
        ids.addAll(otherRun.get(120, TimeUnit.SECONDS));
        rotations.get(120, TimeUnit.SECONDS);

        assertThat(rows(database, "SELECT user_id, count FROM user_events WHERE count <> 1"))
                .as("seed %d", seed)
                .isEmpty();
        assertThat(number(database, "SELECT count(*) FROM user_events"))
                .as("seed %d", seed)
                .isEqualTo(ids.size());
        assertThat(number(database, "SELECT count(*) FROM event_id_slices")).isGreaterThan(1);
        Books.assertBalanced(database);
    }

    /** Each id has a user of its own, so that the tables tell which were counted. */
    private Set<String> flushOften(final Aggregation aggregation, final Random random) throws Exception {
        final Set<String> ids = new HashSet<>();
        for (int flush = 0; flush < 60; flush++) {
            for (int i = 0; i < 100; i++) {
                final String id = "id" + (flush * 20 + random.nextInt(60));
                ids.add(id);
                aggregation.send(event("user of " + id, id));
            }
            aggregation.flush();
        }
        return ids;
    }

    private Void rotateOften(final Aggregation aggregation) throws Exception {
        for (int i = 0; i < 20; i++) {
            // Less than the window in all: no id may be forgotten.
            age(WINDOW.dividedBy(30));
            nanos.addAndGet(SLICE.toNanos());
            aggregation.heartbeat();
        }
        return null;
    }

    /** Time passes for PostgreSQL. */
    private void age(final Duration duration) throws SQLException {
        final String interval = " - interval '" + duration.toMillis() + " milliseconds'";
        execute(
                database,
                "UPDATE event_id_slices SET opened_at = opened_at" + interval + ", closed_at = closed_at" + interval);
    }

    /** Time passes for the servers too, and one of them looks after the slices. */
    private void rotate(final Aggregation aggregation) throws StoreException {
        nanos.addAndGet(SLICE.toNanos());
        aggregation.heartbeat();
    }
}
