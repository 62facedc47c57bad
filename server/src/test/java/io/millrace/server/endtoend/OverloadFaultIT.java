package io.millrace.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.storage.postgres.PostgresSettings;
import io.millrace.storage.testing.Await;
import io.millrace.storage.testing.PostgresExtension;
import io.millrace.storage.testing.RedisExtension;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A store that takes nothing any more under a load that goes on: the journal fills, and then every request is refused with a time
 * that grows as long as nothing moves; memory stays as it is; and when the store is back the same process takes events again, with
 * none lost and none doubled.
 */
class OverloadFaultIT {
    @RegisterExtension
    static final PostgresExtension POSTGRES = new PostgresExtension();

    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    private static final String USED_MEMORY = "used_memory:";

    /** What Redis may take of a stream before it is full, while PostgreSQL takes nothing. */
    private static final long REDIS_ROOM_BYTES = 2 << 20;

    /** Two thirds of a gigabyte of bodies, if they stayed anywhere. */
    private static final int REFUSALS = 40_000;

    private static final long MEMORY_SLACK_BYTES = 16 << 20;

    @TempDir
    private Path dataDir;

    private PostgresSettings database;
    private ServerProcess server;
    private Overload load;

    @BeforeEach
    void start() throws Exception {
        database = POSTGRES.newDatabase();
        REDIS.commands().flushall();
        final List<String> options =
                new ArrayList<>(List.of("--redis", REDIS.uri(), "--postgres", Stores.url(database)));
        options.addAll(List.of("--data-dir", dataDir.toString(), "--event-loops", "1"));
        options.addAll(List.of("--journal-size", "1MiB", "--max-body", "64KiB"));
        server = ServerProcess.startForLoad(options);
        load = new Overload(server.ingest());
        assertThat(load.send()).isTrue();
        Await.until("the first batch is stored", () -> inFlight() == 0);
        assertThat(server.admin("/readyz").status()).isEqualTo(200);
    }

    @AfterEach
    void stop() throws Exception {
        load.close();
        server.close();
    }

    @Test
    void shouldRefuseWhileRedisStandsStillAndRecover() throws Exception {
        REDIS.pause();
        try {
            overload();
        } finally {
            REDIS.resume();
        }
        assertRecovered();
    }

    @Test
    void shouldRefuseWhileRedisIsOutOfMemoryAndRecover() throws Exception {
        REDIS.commands().configSet("maxmemory", "1");
        overload();
        REDIS.commands().configSet("maxmemory", "0");
        assertRecovered();
    }

    /** What Redis has is freed in the journal, until Redis has no more room either. */
    @Test
    void shouldRefuseWhilePostgresStandsStillAndRecover() throws Exception {
        limitRedis();
        POSTGRES.pause();
        try {
            overload();
            REDIS.commands().configSet("maxmemory", "0");
        } finally {
            POSTGRES.resume();
        }
        assertRecovered();
    }

    /** Somebody has the tables: the aggregator is connected and waits, only the age of what is not stored tells. */
    @Test
    void shouldRefuseWhilePostgresWaitsForALockAndRecover() throws Exception {
        limitRedis();
        try (Connection connection = PostgresExtension.connect(database);
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("LOCK TABLE aggregated_events IN ACCESS EXCLUSIVE MODE");
            overload();
            Await.until(
                    "what is not stored is too old",
                    () -> server.admin("/readyz").body().contains("\"unstored_too_old\""));
            REDIS.commands().configSet("maxmemory", "0");
            connection.rollback();
        }
        assertRecovered();
    }

    private void overload() throws Exception {
        Await.until("the journal is full", () -> !load.send());
        final long memoryBytes = directMemoryBytes();
        // Nothing is freed, so the time is what it has lasted already.
        Await.until("clients are told to stay away longer", () -> !load.send() && load.retryAfterSeconds() >= 3);
        load.send(REFUSALS);
        assertThat(directMemoryBytes()).isLessThan(memoryBytes + MEMORY_SLACK_BYTES);
        assertThat(metric("millrace_ingest_body_memory_free_bytes"))
                .isEqualTo(metric("millrace_ingest_body_memory_capacity_bytes"));
        Await.until("it is not ready", () -> server.admin("/readyz").status() == 503);
        assertThat(metricOfStream("millrace_stream_oldest_unstored_seconds")).isPositive();
    }

    private void assertRecovered() throws Exception {
        Await.until("events are taken again", load::send);
        Await.until("every event is stored", () -> inFlight() == 0);
        assertThat(PostgresExtension.number(database, "SELECT sum(count) FROM aggregated_events"))
                .isEqualTo(load.accepted());
        assertThat(server.admin("/ledger?verify=full").body()).contains("\"balanced\":true");
        Await.until("it is ready", () -> server.admin("/readyz").status() == 200);
        assertThat(metricOfStream("millrace_stream_oldest_unstored_seconds")).isZero();
        assertThat(server.stop()).as(server.output()).isZero();
    }

    private void limitRedis() {
        final long usedBytes = REDIS.commands()
                .info("memory")
                .lines()
                .filter(line -> line.startsWith(USED_MEMORY))
                .mapToLong(line -> Long.parseLong(line.substring(USED_MEMORY.length())))
                .findFirst()
                .orElseThrow();
        REDIS.commands().configSet("maxmemory", Long.toString(usedBytes + REDIS_ROOM_BYTES));
    }

    private long inFlight() throws Exception {
        return server.admin("/ledger").number("inFlight");
    }

    private long directMemoryBytes() throws Exception {
        return (long) metric("millrace_netty_direct_memory_bytes");
    }

    private double metric(final String name) throws Exception {
        return value(name + ' ');
    }

    private double metricOfStream(final String name) throws Exception {
        return value(name + '{');
    }

    private double value(final String start) throws Exception {
        final List<String> lines = server.admin("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(start))
                .toList();
        assertThat(lines).as(start).hasSize(1);
        return Double.parseDouble(lines.get(0).substring(lines.get(0).lastIndexOf(' ') + 1));
    }
}
