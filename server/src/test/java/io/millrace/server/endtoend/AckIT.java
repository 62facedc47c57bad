package io.millrace.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.storage.postgres.PostgresSettings;
import io.millrace.storage.testing.Await;
import io.millrace.storage.testing.PostgresExtension;
import io.millrace.storage.testing.RedisExtension;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What an answer promises, looked up in the stores themselves the moment it comes. */
class AckIT {
    private static final String ACCEPTED = "{\"status\":\"accepted\"}";
    private static final String ACK_TIMEOUT = "60s";
    private static final int ROUNDS = 20;

    @RegisterExtension
    static final PostgresExtension POSTGRES = new PostgresExtension();

    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    @TempDir
    private Path folder;

    private PostgresSettings database;

    @BeforeEach
    void prepare() throws Exception {
        database = POSTGRES.newDatabase();
        REDIS.commands().flushall();
    }

    /** The aggregator is another process that is not there: what Redis has stays in it. */
    @Test
    void shouldAnswerAtStreamWhenRedisHasTheEvents() throws Exception {
        try (ServerProcess server = ServerProcess.start(options("--role", "ingest"));
                HttpClient client = new HttpClient(server.ingest())) {
            for (int i = 1; i <= ROUNDS; i++) {
                assertThat(post(client, "stream", i).body()).isEqualTo(ACCEPTED);
                assertThat(lastSequenceInRedis()).isEqualTo(i);
            }
            assertThat(server.admin("/metrics").body())
                    .contains("\nmillrace_ingest_acks_stream_total " + (double) ROUNDS + "\n")
                    .contains("\nmillrace_ingest_replies_waiting{level=\"stream\"} 0.0\n")
                    .contains("\nmillrace_ingest_ack_wait_seconds_count{level=\"stream\"} " + ROUNDS + "\n")
                    .contains("\nmillrace_ingest_ack_wait_seconds_count{level=\"disk\"} 0\n");
        }
    }

    @Test
    void shouldSayWhatWasReachedWhileRedisStandsStill() throws Exception {
        try (ServerProcess server = ServerProcess.start(options("--ack", "stream", "--ack-timeout", "1s"));
                HttpClient client = new HttpClient(server.ingest())) {
            REDIS.pause();
            try {
                client.post("/events", "application/json", event(1));
                client.get("/pixel.gif?u=2&a=a&e=e");
                client.flush();
                assertThat(client.read().body()).isEqualTo("{\"status\":\"accepted\",\"ack\":\"journal\"}");
                assertThat(client.read().fields()).contains("X-Ack: journal");
            } finally {
                REDIS.resume();
            }
            assertThat(server.admin("/metrics").body())
                    .contains("\nmillrace_ingest_ack_timeouts_total 2.0\n")
                    .contains("\nmillrace_ingest_ack_wait_seconds_count{level=\"stream\"} 2\n");
        }
    }

    @Test
    void shouldWaitUntilRedisGoesOn() throws Exception {
        try (ServerProcess server = ServerProcess.start(options("--ack", "stream"));
                HttpClient client = new HttpClient(server.ingest())) {
            assertThat(post(client, "stream", 1).body()).isEqualTo(ACCEPTED);
            REDIS.pause();
            try {
                client.post("/events", "application/json", event(2));
                client.flush();
                Await.until(
                        "it waits",
                        () -> server.admin("/metrics")
                                .body()
                                .contains("\nmillrace_ingest_replies_waiting{level=\"stream\"} 1.0\n"));
            } finally {
                REDIS.resume();
            }
            assertThat(client.read().body()).isEqualTo(ACCEPTED);
            assertThat(server.admin("/metrics").body())
                    .contains("\nmillrace_ingest_ack_timeouts_total 0.0\n")
                    .contains("\nmillrace_ingest_ack_wait_seconds_count{level=\"stream\"} 2\n");
        }
    }

    @Test
    void shouldAnswerAtStoredWhenTheRowsCanBeSeen() throws Exception {
        try (ServerProcess server = ServerProcess.start(options());
                HttpClient client = new HttpClient(server.ingest())) {
            for (int i = 1; i <= ROUNDS; i++) {
                assertThat(post(client, "stored", i).body()).isEqualTo(ACCEPTED);
                assertThat(stored(i)).isEqualTo(1);
            }
        }
    }

    @Test
    void shouldAnswerAtStoredFromAProcessThatOnlyTakesEventsIn() throws Exception {
        // It has no ingest port to wait for; whoever is first waits for the other.
        try (ServerProcess aggregator =
                        ServerProcess.launch(options("--role", "aggregate", "--data-dir", folder("aggregate")));
                ServerProcess server = ServerProcess.start(options("--role", "ingest"));
                HttpClient client = new HttpClient(server.ingest())) {
            for (int i = 1; i <= 3; i++) {
                assertThat(post(client, "stored", i).body())
                        .as(aggregator.output())
                        .isEqualTo(ACCEPTED);
                assertThat(stored(i)).isEqualTo(1);
            }
        }
    }

    @Test
    void shouldAnswerAtDiskWhenTheJournalWasForced() throws Exception {
        try (ServerProcess server = ServerProcess.start(options("--ack", "disk", "--ack-max", "disk"));
                HttpClient client = new HttpClient(server.ingest())) {
            assertThat(server.admin("/metrics").body()).contains("\nmillrace_journal_forces_total 0.0\n");
            for (int i = 1; i <= ROUNDS; i++) {
                client.post("/events", "application/json", event(i));
                assertThat(client.exchange().body()).isEqualTo(ACCEPTED);
            }
            assertThat(server.admin("/metrics").body())
                    .contains("\nmillrace_journal_forced_events_total " + (double) ROUNDS + "\n")
                    .contains("\nmillrace_ingest_acks_disk_total " + (double) ROUNDS + "\n")
                    .contains("\nmillrace_journal_force_failures_total 0.0\n");
            assertThat(post(client, "stored", 1).body()).contains("invalid_ack", "--ack-max is disk");
            assertThat(server.admin("/metrics").body()).contains("\nmillrace_ingest_acks_refused_total 1.0\n");
        }
    }

    @Test
    void shouldAnswerWhatWaitsWhenItIsStopped() throws Exception {
        // So long that the flush that is waited for is the one of the stop.
        try (ServerProcess server = ServerProcess.start(options("--flush", "20s"));
                HttpClient client = new HttpClient(server.ingest())) {
            for (int i = 1; i <= ROUNDS; i++) {
                client.get("/pixel.gif?ack=stored&u=" + i + "&a=a&e=e");
            }
            client.flush();
            Await.until("they are taken", () -> server.admin("/ledger").number("accepted") == ROUNDS);
            assertThat(server.stop()).as(server.output()).isZero();
            for (int i = 1; i <= ROUNDS; i++) {
                final HttpClient.Reply reply = client.read();
                assertThat(reply.status()).isEqualTo(200);
                assertThat(reply.fields()).noneMatch(field -> field.startsWith("X-Ack"));
                assertThat(stored(i)).isEqualTo(1);
            }
        }
    }

    private static HttpClient.Reply post(final HttpClient client, final String level, final int user) throws Exception {
        client.post("/events?ack=" + level, "application/json", event(user));
        return client.exchange();
    }

    private static String event(final int user) {
        return "{\"user_id\":" + user + ",\"action\":\"a\",\"element\":\"e\"}";
    }

    private static long lastSequenceInRedis() {
        final List<String> streams =
                REDIS.commands().smembers("millrace:streams").stream().sorted().toList();
        assertThat(streams).hasSize(1);
        final List<Object> info = REDIS.commands().xinfoStream(streams.get(0));
        final String id = (String) info.get(info.indexOf("last-generated-id") + 1);
        return Long.parseLong(id.substring(id.indexOf('-') + 1));
    }

    private long stored(final int user) throws Exception {
        return new Tables(database.jdbcUrl(), database.user(), database.password())
                .number("SELECT coalesce(sum(count), 0) FROM user_events WHERE user_id = '" + user + "'");
    }

    private String folder(final String name) {
        return folder.resolve(name).toString();
    }

    private List<String> options(final String... more) {
        final List<String> options = new ArrayList<>(List.of("--redis", REDIS.uri(), "--event-loops", "1"));
        options.addAll(List.of(more));
        if (!options.contains("--ack-timeout")) {
            // None is reached, but by what hangs.
            options.addAll(List.of("--ack-timeout", ACK_TIMEOUT));
        }
        if (!options.contains("--data-dir")) {
            options.addAll(List.of("--data-dir", folder("data")));
        }
        if (!options.contains("ingest")) {
            options.addAll(List.of("--postgres", Stores.url(database)));
        }
        return options;
    }
}
