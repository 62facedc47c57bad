package io.millrace.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.storage.postgres.PostgresSettings;
import io.millrace.storage.testing.Await;
import io.millrace.storage.testing.PostgresExtension;
import io.millrace.storage.testing.RedisExtension;
import io.millrace.storage.testing.Signals;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** How a server ends, and what its end leaves to the next start. */
class StopIT {
    @RegisterExtension
    static final PostgresExtension POSTGRES = new PostgresExtension();

    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    private static final int EVENTS = 100;
    private static final int STOPPED_AT_ONCE = 143;

    @TempDir
    private Path dataDir;

    private PostgresSettings database;

    @BeforeEach
    void prepare() throws Exception {
        database = POSTGRES.newDatabase();
        REDIS.commands().flushall();
    }

    @Test
    void shouldCarryEverythingOnAndEndWithStatusZero() throws Exception {
        try (ServerProcess server = ServerProcess.start(options("30s"))) {
            send(server);
            assertThat(server.stop()).as(server.output()).isZero();
            assertThat(server.output()).contains("ledger {\"balanced\":true").contains("\"inFlight\":0");
            assertThat(server.output()).doesNotContain(" WARN ", " ERROR ");
        }
        assertThat(stored()).isEqualTo(EVENTS);
    }

    @Test
    void shouldEndAtOnceAtSecondSignal() throws Exception {
        try (ServerProcess server = ServerProcess.start(options("1h"))) {
            REDIS.pause();
            try {
                send(server);
                Signals.send("TERM", server.pid());
                Await.until("it drains", () -> server.output().contains("stopping"));
                Signals.send("TERM", server.pid());
                assertThat(server.awaitExit()).as(server.output()).isEqualTo(STOPPED_AT_ONCE);
            } finally {
                REDIS.resume();
            }
        }
        carryOn();
    }

    @Test
    void shouldSayWhatIsLeftWhenDrainingTakesTooLong() throws Exception {
        try (ServerProcess server = ServerProcess.start(options("1s"))) {
            REDIS.pause();
            try {
                send(server);
                assertThat(server.stop()).as(server.output()).isZero();
            } finally {
                REDIS.resume();
            }
            assertThat(server.output())
                    .contains("--shutdown-timeout 1 s", EVENTS + " events are in the journals only", "the next start")
                    .contains("\"inFlight\":" + EVENTS);
            assertThat(server.output()).doesNotContain("\tat ");
        }
        carryOn();
    }

    /** Starts again and waits for the events that were left. */
    private void carryOn() throws Exception {
        try (ServerProcess server = ServerProcess.start(options("30s"))) {
            Await.until("every event is stored", () -> stored() == EVENTS);
            assertThat(server.stop()).as(server.output()).isZero();
        }
        assertThat(stored()).isEqualTo(EVENTS);
    }

    private static void send(final ServerProcess server) throws Exception {
        try (HttpClient client = new HttpClient(server.ingest())) {
            for (int i = 0; i < EVENTS; i++) {
                client.get("/pixel.gif?u=" + i + "&a=view&e=stop");
                assertThat(client.exchange().status()).isEqualTo(200);
            }
        }
    }

    private long stored() throws Exception {
        return new Tables(database.jdbcUrl(), database.user(), database.password())
                .number("SELECT coalesce(sum(count), 0) FROM aggregated_events");
    }

    private List<String> options(final String shutdownTimeout) {
        return List.of(
                "--redis",
                REDIS.uri(),
                "--postgres",
                Stores.url(database),
                "--data-dir",
                dataDir.toString(),
                "--shutdown-timeout",
                shutdownTimeout);
    }
}
