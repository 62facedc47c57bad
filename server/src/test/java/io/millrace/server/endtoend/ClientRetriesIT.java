package io.millrace.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.storage.testing.Await;
import io.millrace.storage.testing.PostgresExtension;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A client that repeats events, with their ids, until they are accepted and sometimes after: each is counted once. */
class ClientRetriesIT {
    @RegisterExtension
    static final PostgresExtension POSTGRES = new PostgresExtension();

    private static final int EVENTS = 2_000;
    private static final int EVENTS_A_REQUEST = 20;

    @TempDir
    private Path folder;

    private Stores stores;

    @BeforeEach
    void start() throws Exception {
        stores = Stores.start(POSTGRES);
    }

    @AfterEach
    void stop() throws Exception {
        stores.close();
    }

    @Test
    void shouldCountEachEventOnceThroughTwoServersAndAKill() throws Exception {
        final SplittableRandom random = new SplittableRandom(System.nanoTime());
        final Set<Integer> accepted = new HashSet<>();
        try (ServerProcess other = ServerProcess.start(options("other"))) {
            try (ServerProcess killed = ServerProcess.start(options("killed"))) {
                send(killed, accepted, random);
                send(other, accepted, random);
                send(killed, accepted, random);
                killed.kill();
            }
            try (ServerProcess again = ServerProcess.start(options("killed"))) {
                while (accepted.size() < EVENTS) {
                    send(again, accepted, random);
                    send(other, accepted, random);
                }
                awaitStored(again);
                awaitStored(other);
                assertThat(stores.tables().users().entrySet().stream()
                                .collect(
                                        Collectors.toMap(entry -> entry.getKey().user(), Map.Entry::getValue)))
                        .hasSize(EVENTS)
                        .allSatisfy((user, count) -> assertThat(count).as(user).isEqualTo(1));
                final HttpClient.Reply ledger = again.admin("/ledger?verify=full");
                assertThat(ledger.body()).startsWith("{\"balanced\":true,").contains("\"unbalancedStreams\":[]");
                assertThat(ledger.number("counted")).isEqualTo(EVENTS);
                assertThat(ledger.number("duplicates"))
                        .isEqualTo(ledger.number("stored") - EVENTS)
                        .isGreaterThan(EVENTS / 10);
            }
        }
    }

    @Test
    void shouldCountAnIdAgainWhenTheWindowHasPassed() throws Exception {
        final List<String> options = options("a");
        options.addAll(List.of("--dedup-window", "1s", "--flush", "100ms"));
        try (ServerProcess server = ServerProcess.start(options)) {
            sendOne(server);
            sendOne(server);
            awaitStored(server);
            assertThat(server.admin("/ledger").number("counted")).isEqualTo(1);
            assertThat(server.admin("/ledger").number("duplicates")).isEqualTo(1);
            Await.until("the id is forgotten", () -> {
                final long counted = server.admin("/ledger").number("counted");
                // Looked at rarely enough for it to be forgotten, for a duplicate does not renew it.
                sendOne(server);
                awaitStored(server);
                return counted == 2;
            });
        }
    }

    @Test
    void shouldCountEveryEventWhenTheWindowIsZero() throws Exception {
        final List<String> options = options("a");
        options.addAll(List.of("--dedup-window", "0"));
        try (ServerProcess server = ServerProcess.start(options)) {
            sendOne(server);
            sendOne(server);
            awaitStored(server);
            assertThat(server.admin("/ledger").number("counted")).isEqualTo(2);
            assertThat(server.admin("/ledger").number("duplicates")).isZero();
        }
    }

    private List<String> options(final String node) {
        final List<String> options = new ArrayList<>(stores.options());
        options.addAll(List.of("--data-dir", folder.resolve(node).toString(), "--event-loops", "2", "--node", node));
        return options;
    }

    /** Sends some of the events, accepted ones among them, over a connection for each form. */
    private static void send(final ServerProcess server, final Set<Integer> accepted, final SplittableRandom random)
            throws IOException {
        for (int request = 0; request < EVENTS / EVENTS_A_REQUEST; request++) {
            final List<Integer> events = new ArrayList<>();
            for (int i = 0; i < EVENTS_A_REQUEST; i++) {
                events.add(random.nextInt(EVENTS));
            }
            try (HttpClient client = new HttpClient(server.ingest())) {
                if (random.nextInt(4) == 0) {
                    sendPixels(client, events);
                } else {
                    client.post(
                            "/events",
                            "application/x-ndjson",
                            events.stream().map(ClientRetriesIT::json).collect(Collectors.joining("\n")));
                    client.flush();
                    // Sometimes the client is gone before the answer comes, and has to send it again.
                    if (random.nextInt(4) == 0) {
                        continue;
                    }
                    assertThat(client.read().status()).isEqualTo(202);
                }
                accepted.addAll(events);
            }
        }
    }

    private static void sendPixels(final HttpClient client, final List<Integer> events) throws IOException {
        events.forEach(event -> client.get("/pixel.gif?u=u" + event + "&a=view&e=page&eid=id-" + event));
        client.flush();
        for (int i = 0; i < events.size(); i++) {
            assertThat(client.read().status()).isEqualTo(200);
        }
    }

    private static void sendOne(final ServerProcess server) throws IOException {
        try (HttpClient client = new HttpClient(server.ingest())) {
            client.post("/events", "application/json", json(1));
            assertThat(client.exchange().status()).isEqualTo(202);
        }
    }

    private static String json(final int event) {
        return "{\"user_id\":\"u" + event + "\",\"action\":\"view\",\"element\":\"page\",\"event_id\":\"id-" + event
                + "\"}";
    }

    private static void awaitStored(final ServerProcess server) throws Exception {
        Await.until("every event is stored", () -> server.admin("/ledger").number("inFlight") == 0);
    }
}
