package io.millrace.storage.datapath;

import static io.millrace.storage.testing.PostgresExtension.connect;
import static io.millrace.storage.testing.PostgresExtension.execute;
import static io.millrace.storage.testing.PostgresExtension.number;
import static io.millrace.storage.testing.PostgresExtension.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.pipeline.PipelineCounter;
import io.millrace.pipeline.testing.TestEvent;
import io.millrace.storage.redis.RedisOptions;
import io.millrace.storage.redis.RedisStreams;
import io.millrace.storage.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Errors of PostgreSQL that pass: each is tried again, none is fatal, none counted as success, no event refused. */
class StoreErrorIT extends DataPathTests {
    private static final long NOW_MILLIS = 1_767_225_600_000L;
    private static final String AGGREGATORS = "FROM pg_stat_activity WHERE application_name = 'millrace-aggregator'"
            + " AND datname = current_database()";

    private final ExecutorService executor = Executors.newCachedThreadPool();
    private RedisStreams streams;
    private Node node;
    private int events;

    @BeforeEach
    void open() throws Exception {
        streams = RedisStreams.open(RedisOptions.of(REDIS.uri()));
        node = Node.alone(1, folder(), streams, database());
    }

    @AfterEach
    void close() throws InterruptedException {
        node.close();
        streams.close();
        executor.shutdown();
        assertThat(executor.awaitTermination(120, TimeUnit.SECONDS)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "40P01, hourly_totals", "40001, aggregated_events", "55P03, day_totals", "57P01, stream_watermarks",
        "57P03, hourly_totals", "57014, day_totals", "53000, aggregated_events", "53100, user_event_maps",
        "53200, hourly_totals", "53300, stream_watermarks", "53400, day_totals", "25006, aggregated_events",
        "25P02, hourly_totals", "58030, user_event_maps", "XX000, day_totals", "P0001, stream_watermarks"
    })
    void shouldTryAgainUntilAnErrorPasses(final String state, final String table) throws Exception {
        commit(10);
        node.stepUntilStored();
        execute(
                database(),
                "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS"
                        + " $$ BEGIN RAISE EXCEPTION 'as if' USING ERRCODE = '" + state + "'; END $$",
                "CREATE TRIGGER fail BEFORE INSERT OR UPDATE ON " + table + " FOR EACH ROW EXECUTE FUNCTION fail()");
        final long failures = failures();
        commit(10);
        node.stepUntil("it has failed several times", () -> failures() >= failures + 4);

        assertThat(node.journal(0).progress().stored()).isEqualTo(10);
        assertStored(10);
        execute(database(), "DROP TRIGGER fail ON " + table);
        node.stepUntilStored();
        assertStored(20);
    }

    @Test
    void shouldTryLessOftenAsLongAsACommitFails() throws Exception {
        node.stepUntilStored();
        failAt("hourly_totals", "53100");
        commit(10);
        node.stepUntil("it has failed", () -> failures() > 0);
        final long failures = failures();
        for (int i = 0; i < 1_000; i++) {
            node.step(Duration.ofMillis(10));
        }
        // From 20 ms on it doubles up to a second, of which the upper half is chance: 5 times to get there, 10 to 20
        // then.
        assertThat(failures() - failures).isBetween(8L, 27L);
    }

    private void failAt(final String table, final String state) throws SQLException {
        execute(
                database(),
                "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS"
                        + " $$ BEGIN RAISE EXCEPTION 'as if' USING ERRCODE = '" + state + "'; END $$",
                "CREATE TRIGGER fail BEFORE INSERT OR UPDATE ON " + table + " FOR EACH ROW EXECUTE FUNCTION fail()");
    }

    @Test
    void shouldTryAgainWhenItLosesADeadlock() throws Exception {
        commitTo("a", "b");
        node.stepUntilStored();
        commitTo("a", "b");
        final long failures = failures();
        try (Connection other = connect(database());
                Statement statement = other.createStatement()) {
            // Only the flush looks for deadlocks, after the second that is the default, and so it is the one to go.
            statement.execute("SET deadlock_timeout = '1min'");
            other.setAutoCommit(false);
            statement.execute("UPDATE aggregated_events SET count = count WHERE element = 'b'");
            final Future<?> flush = stepping(failures);
            Await.until("the flush waits", () -> waiting() == 1);
            statement.execute("UPDATE aggregated_events SET count = count WHERE element = 'a'");
            flush.get(120, TimeUnit.SECONDS);
            other.rollback();
        }
        node.stepUntilStored();
        assertStored(4);
    }

    @Test
    void shouldTryAgainWhenAStatementIsCancelled() throws Exception {
        commit(5);
        node.stepUntilStored();
        interrupt("pg_cancel_backend");
        interrupt("pg_terminate_backend");
        node.stepUntilStored();
        assertStored(15);
    }

    /** Ends a flush that waits for a row, as a timeout does. */
    private void interrupt(final String function) throws Exception {
        final long failures = failures();
        try (Connection other = connect(database());
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("SELECT * FROM day_totals FOR UPDATE");
            commit(5);
            final Future<?> flush = stepping(failures);
            Await.until("the flush waits", () -> waiting() == 1);
            execute(database(), "SELECT " + function + "(pid) " + AGGREGATORS);
            flush.get(120, TimeUnit.SECONDS);
            other.rollback();
        }
    }

    @Test
    void shouldWaitForADatabaseThatIsReadOnly() throws Exception {
        commit(5);
        node.stepUntilStored();
        final String name = rows(database(), "SELECT current_database()").get(0).get(0);
        execute(
                database(),
                "ALTER DATABASE " + name + " SET default_transaction_read_only = on",
                "SELECT pg_terminate_backend(pid) " + AGGREGATORS);
        commit(5);
        final long failures = failures();
        node.stepUntil("it has failed several times", () -> failures() >= failures + 4);
        assertThat(node.journal(0).progress().stored()).isEqualTo(5);

        execute(
                database(),
                "SET default_transaction_read_only = off",
                "ALTER DATABASE " + name + " RESET default_transaction_read_only");
        node.stepUntilStored();
        assertStored(10);
    }

    /** A tablespace of a few megabytes; only root can make one. */
    @Test
    void shouldWaitForADiskThatIsFull() throws Exception {
        Files.setPosixFilePermissions(folder(), PosixFilePermissions.fromString("rwx--x--x"));
        final Path disk = Files.createDirectory(folder().resolve("disk"));
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=6m,mode=0777", "none", disk.toString()));
        try {
            fillAndFree(disk);
        } finally {
            node.restartAggregator();
            POSTGRES.drop(database());
            execute(POSTGRES.newDatabase(), "DROP TABLESPACE small");
            assertThat(run("umount", disk.toString())).isTrue();
        }
    }

    private void fillAndFree(final Path disk) throws Exception {
        final Path space = Files.createDirectory(disk.resolve("space"));
        POSTGRES.own(space);
        execute(database(), "CREATE TABLESPACE small LOCATION '" + space + "'");
        final String name = rows(database(), "SELECT current_database()").get(0).get(0);
        execute(database(), "ALTER DATABASE " + name + " SET default_tablespace = 'small'");
        commit(5);
        node.stepUntilStored();

        final Path ballast = disk.resolve("ballast");
        assertThatThrownBy(() -> Files.write(ballast, new byte[6 << 20])).isInstanceOf(IOException.class);
        commit(500);
        final long failures = failures();
        node.stepUntil("it has failed several times", () -> failures() >= failures + 4);
        assertThat(node.journal(0).progress().stored()).isLessThan(505);

        Files.delete(ballast);
        node.stepUntilStored();
        assertStored(505);
    }

    /** Steps on a thread of its own until there was another failure. */
    private Future<?> stepping(final long failures) throws Exception {
        node.shipUntilStreamed();
        return executor.submit(() -> {
            node.aggregateUntil("it has failed", () -> failures() > failures);
            return null;
        });
    }

    private static boolean run(final String... command) throws IOException, InterruptedException {
        final Process process =
                new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getInputStream().readAllBytes();
        return process.waitFor() == 0;
    }

    /** Each event with a user and an id of its own. */
    private void commit(final int count) {
        for (int i = 0; i < count; i++) {
            events++;
            node.commit(0, new TestEvent(NOW_MILLIS, "user" + events, "click", "e" + i, "id" + events));
        }
    }

    private void commitTo(final String... elements) {
        for (final String element : elements) {
            events++;
            node.commit(0, new TestEvent(NOW_MILLIS, "user" + events, "click", element));
        }
    }

    private long failures() {
        return node.aggregator().counters().get(PipelineCounter.STORE_FAILURES);
    }

    private long waiting() throws SQLException {
        return number(database(), "SELECT count(*) " + AGGREGATORS + " AND wait_event_type = 'Lock'");
    }

    private void assertStored(final int count) throws Exception {
        assertThat(rows(
                        database(),
                        "SELECT count(*), count(DISTINCT user_id), coalesce(sum(count), 0) FROM user_events"))
                .containsExactly(List.of(Integer.toString(count), Integer.toString(count), Integer.toString(count)));
        assertThat(number(database(), "SELECT sum(count) FROM aggregated_events"))
                .isEqualTo(count);
        assertThat(
                        rows(
                                database(),
                                "SELECT sum(last_event), sum(counted), sum(duplicates + poisoned + lost) FROM stream_watermarks"))
                .containsExactly(List.of(Integer.toString(count), Integer.toString(count), "0"));
        assertThat(REDIS.commands().exists("millrace:rejected")).isZero();
    }
}
