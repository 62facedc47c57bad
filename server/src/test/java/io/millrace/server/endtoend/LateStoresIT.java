package io.millrace.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.storage.postgres.PostgresSettings;
import io.millrace.storage.testing.Await;
import io.millrace.storage.testing.PostgresExtension;
import io.millrace.storage.testing.RedisExtension;
import io.millrace.storage.testing.Relay;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A server that holds events, or only takes them in, starts before its stores and carries on when they come. */
class LateStoresIT {
    @RegisterExtension
    static final PostgresExtension POSTGRES = new PostgresExtension();

    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    private static final int EVENTS = 100;
    private static final int LOADING_MILLIS = 5_000;

    @TempDir
    private Path dataDir;

    private PostgresSettings database;
    private Relay redis;
    private Relay postgres;

    @BeforeEach
    void prepare() throws Exception {
        database = POSTGRES.newDatabase();
        REDIS.commands().flushall();
        redis = new Relay(REDIS.port());
        postgres = new Relay(
                URI.create(database.jdbcUrl().substring("jdbc:".length())).getPort());
    }

    @AfterEach
    void close() throws Exception {
        redis.close();
        postgres.close();
    }

    @Test
    void shouldStartWithEventsInJournalAndCarryThemOnWhenStoresCome() throws Exception {
        leaveEventsInJournal();
        try (ServerProcess server = ServerProcess.start(options("--startup-timeout", "200ms"))) {
            assertUnready(server, "stream_unreached", "store_unreached");
            send(server);
            redis.open();
            postgres.open();
            awaitReady(server);
            awaitStored(2L * EVENTS);
            assertThat(server.admin("/ledger?verify=full").body()).contains("\"balanced\":true");
            assertThat(server.stop()).as(server.output()).isZero();
        }
    }

    @Test
    void shouldTakeEventsInWithoutStreamWhenThatIsItsRole() throws Exception {
        try (ServerProcess server = ServerProcess.start(List.of(
                "--role", "ingest", "--redis", redisUri(), "--data-dir", ingestDir(), "--startup-timeout", "200ms"))) {
            assertUnready(server, "stream_unreached");
            send(server);
            redis.open();
            awaitReady(server);
            postgres.open();
            final List<String> aggregate = with(stores(), "--role", "aggregate", "--data-dir", dataDir.toString());
            try (ServerProcess aggregator = ServerProcess.launch(aggregate)) {
                aggregator.admin();
                awaitStored(EVENTS);
                assertThat(aggregator.stop()).as(aggregator.output()).isZero();
            }
            assertThat(server.stop()).as(server.output()).isZero();
        }
    }

    @Test
    void shouldWaitForRedisThatIsLoading() throws Exception {
        redis.open();
        postgres.open();
        REDIS.restartWithSlowLoading(LOADING_MILLIS);
        try (ServerProcess server = ServerProcess.start(options("--startup-timeout", "2s"))) {
            awaitReady(server);
            send(server);
            awaitStored(EVENTS);
            assertThat(server.stop()).as(server.output()).isZero();
        }
    }

    /** By a server that is killed before its stores were there. */
    private void leaveEventsInJournal() throws Exception {
        try (ServerProcess server = ServerProcess.start(List.of(
                "--role",
                "ingest",
                "--redis",
                redisUri(),
                "--data-dir",
                dataDir.toString(),
                "--startup-timeout",
                "200ms"))) {
            send(server);
            server.kill();
        }
    }

    private static void send(final ServerProcess server) throws Exception {
        try (HttpClient client = new HttpClient(server.ingest())) {
            for (int i = 0; i < EVENTS; i++) {
                client.get("/pixel.gif?u=" + i + "&a=view&e=late");
                assertThat(client.exchange().status()).isEqualTo(200);
            }
        }
    }

    private static void assertUnready(final ServerProcess server, final String... codes) throws Exception {
        final HttpClient.Reply reply = server.admin("/readyz");
        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.body()).contains(codes);
    }

    private static void awaitReady(final ServerProcess server) throws Exception {
        Await.until("the server is ready", () -> server.admin("/readyz").status() == 200);
    }

    private void awaitStored(final long events) throws Exception {
        final Tables tables = new Tables(database.jdbcUrl(), database.user(), database.password());
        Await.until(
                "every event is stored",
                () -> tables.number("SELECT coalesce(sum(count), 0) FROM aggregated_events") >= events);
        assertThat(tables.number("SELECT sum(count) FROM aggregated_events")).isEqualTo(events);
    }

    private List<String> options(final String... more) {
        return with(with(stores(), "--data-dir", dataDir.toString()), more);
    }

    private List<String> stores() {
        final String url = database.jdbcUrl().replaceFirst("://([^:/]+):\\d+/", "://$1:" + postgres.port() + '/');
        return List.of(
                "--redis",
                redisUri(),
                "--postgres",
                url + (url.contains("?") ? '&' : '?') + "user=" + database.user() + "&password=" + database.password());
    }

    private String redisUri() {
        return REDIS.uri().replaceFirst(":\\d+$", ":" + redis.port());
    }

    private String ingestDir() {
        return dataDir.resolve("ingest").toString();
    }

    private static List<String> with(final List<String> options, final String... more) {
        final List<String> all = new ArrayList<>(options);
        all.addAll(List.of(more));
        return all;
    }
}
