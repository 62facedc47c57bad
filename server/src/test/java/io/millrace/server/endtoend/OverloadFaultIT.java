package io.millrace.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.millrace.storage.testing.Await;
import io.millrace.storage.testing.Signals;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A store that takes nothing any more under a load that goes on: the journal fills, and then every request is refused with a time
 * that grows as long as nothing moves; memory stays as it is; and when the store is back the same process takes events again, with
 * none lost and none doubled.
 */
class OverloadFaultIT {
    private static final String USED_MEMORY = "used_memory:";

    /** What Redis may take of a stream before it is full, while PostgreSQL takes nothing. */
    private static final long REDIS_ROOM_BYTES = 2 << 20;

    /** Two thirds of a gigabyte of bodies, if they stayed anywhere. */
    private static final int REFUSALS = 40_000;

    private static final long MEMORY_SLACK_BYTES = 16 << 20;

    @TempDir
    private Path dataDir;

    private Stores stores;
    private RedisClient client;
    private RedisCommands<String, String> redis;
    private ServerProcess server;
    private Overload load;

    @BeforeEach
    void start() throws Exception {
        stores = Stores.start();
        client = RedisClient.create(stores.redisUri());
        redis = client.connect().sync();
        final List<String> options = new ArrayList<>(stores.options());
        options.addAll(List.of("--data-dir", dataDir.toString(), "--event-loops", "1"));
        options.addAll(List.of("--journal-size", "1MiB", "--max-body", "64KiB"));
        server = ServerProcess.start(options);
        load = new Overload(server.ingest());
        assertThat(load.send()).isTrue();
        Await.until("the first batch is stored", () -> inFlight() == 0);
        assertThat(server.admin("/readyz").status()).isEqualTo(200);
    }

    @AfterEach
    void stop() throws Exception {
        load.close();
        server.close();
        client.shutdown();
        stores.close();
    }

    @Test
    void shouldRefuseWhileRedisStandsStillAndRecover() throws Exception {
        Signals.send("STOP", stores.redisPid());
        try {
            overload();
        } finally {
            Signals.send("CONT", stores.redisPid());
        }
        assertRecovered();
    }

    @Test
    void shouldRefuseWhileRedisIsOutOfMemoryAndRecover() throws Exception {
        redis.configSet("maxmemory", "1");
        overload();
        redis.configSet("maxmemory", "0");
        assertRecovered();
    }

    /** What Redis has is freed in the journal, until Redis has no more room either. */
    @Test
    void shouldRefuseWhilePostgresStandsStillAndRecover() throws Exception {
        limitRedis();
        stopPostgres();
        try {
            overload();
            redis.configSet("maxmemory", "0");
        } finally {
            continuePostgres();
        }
        assertRecovered();
    }

    /** Somebody has the tables: the aggregator is connected and waits, only the age of what is not stored tells. */
    @Test
    void shouldRefuseWhilePostgresWaitsForALockAndRecover() throws Exception {
        limitRedis();
        try (Connection connection = stores.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("LOCK TABLE aggregated_events IN ACCESS EXCLUSIVE MODE");
            overload();
            Await.until(
                    "what is not stored is too old",
                    Duration.ofSeconds(60),
                    () -> server.admin("/readyz").body().contains("\"unstored_too_old\""));
            redis.configSet("maxmemory", "0");
            connection.rollback();
        }
        assertRecovered();
    }

    private void overload() throws Exception {
        Await.until("the journal is full", () -> !load.send());
        final long memoryBytes = directMemoryBytes();
        // Nothing is freed, so the time is what it has lasted already.
        Await.until("clients are told to stay away longer", () -> !load.send() && load.retryAfterSeconds() >= 3);
        for (int i = 0; i < REFUSALS; i++) {
            load.send();
        }
        assertThat(directMemoryBytes()).isLessThan(memoryBytes + MEMORY_SLACK_BYTES);
        assertThat(metric("millrace_ingest_body_memory_free_bytes"))
                .isEqualTo(metric("millrace_ingest_body_memory_capacity_bytes"));
        Await.until(
                "it is not ready",
                Duration.ofSeconds(60),
                () -> server.admin("/readyz").status() == 503);
        assertThat(metricOfStream("millrace_stream_oldest_unstored_seconds")).isPositive();
    }

    private void assertRecovered() throws Exception {
        Await.until("events are taken again", load::send);
        Await.until("every event is stored", Duration.ofSeconds(60), () -> inFlight() == 0);
        assertThat(stores.tables().number("SELECT sum(count) FROM aggregated_events"))
                .isEqualTo(load.accepted());
        assertThat(server.admin("/ledger?verify=full").body()).contains("\"balanced\":true");
        Await.until("it is ready", () -> server.admin("/readyz").status() == 200);
        assertThat(metricOfStream("millrace_stream_oldest_unstored_seconds")).isZero();
        assertThat(server.stop()).as(server.output()).isZero();
    }

    private void limitRedis() {
        final long usedBytes = redis.info("memory")
                .lines()
                .filter(line -> line.startsWith(USED_MEMORY))
                .mapToLong(line -> Long.parseLong(line.substring(USED_MEMORY.length())))
                .findFirst()
                .orElseThrow();
        redis.configSet("maxmemory", Long.toString(usedBytes + REDIS_ROOM_BYTES));
    }

    /** The postmaster first: it starts no child then, and one that ends stays as a zombie, which takes signals. */
    private void stopPostgres() throws Exception {
        Signals.send("STOP", stores.postgresPid());
        signalPostgresChildren("STOP");
    }

    /** The postmaster last: until then no child comes or goes for good. */
    private void continuePostgres() throws Exception {
        signalPostgresChildren("CONT");
        Signals.send("CONT", stores.postgresPid());
    }

    private void signalPostgresChildren(final String signal) throws Exception {
        final ProcessHandle postmaster = ProcessHandle.of(stores.postgresPid()).orElseThrow();
        for (final ProcessHandle child : postmaster.children().toList()) {
            Signals.send(signal, child.pid());
        }
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
