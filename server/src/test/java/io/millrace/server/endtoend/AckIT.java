package io.millrace.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.server.endtoend.HttpClient.Reply;
import io.millrace.storage.testing.Signals;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an answer waits for, against a real Redis that can be stopped and a real PostgreSQL. */
class AckIT {
    private static final String EVENT = "{\"user_id\":42,\"action\":\"click\",\"element\":\"buy\"}";
    private static final String ACCEPTED = "{\"status\":\"accepted\"}";

    @TempDir
    private Path dataDir;

    @Test
    void shouldAnswerWhenTheLevelIsReached() throws Exception {
        try (Stores stores = Stores.start();
                ServerProcess server = ServerProcess.start(options(stores, "--ack-timeout", "30s"))) {
            int sent = 0;
            for (final String level : List.of("journal", "disk", "stream", "stored")) {
                final Reply reply = post(server.ingest(), "/events?ack=" + level);
                assertThat(reply.status()).as(level).isEqualTo(202);
                assertThat(reply.body()).as(level).isEqualTo(ACCEPTED);
                sent++;
            }
            // The answer to the last one waited for its row, and with it for those before.
            assertThat(stores.tables().number("SELECT sum(count) FROM aggregated_events"))
                    .isEqualTo(sent);
            assertThat(server.admin("/ledger").number("stored")).isEqualTo(sent);
            assertThat(server.stop()).as(server.output()).isZero();
        }
    }

    @Test
    void shouldRefuseALevelThatItDoesNotGive() throws Exception {
        try (Stores stores = Stores.start();
                ServerProcess server = ServerProcess.start(options(stores, "--ack-max", "stream"))) {
            for (final String level : List.of("stored", "paper")) {
                final Reply reply = post(server.ingest(), "/events?ack=" + level);
                assertThat(reply.status()).as(level).isEqualTo(400);
                assertThat(reply.body()).contains("\"invalid_ack\"");
            }
            assertThat(server.admin("/ledger").number("accepted")).isZero();
        }
    }

    @Test
    void shouldSayHowFarItGotWhenTheStreamDoesNotConfirm() throws Exception {
        try (Stores stores = Stores.start();
                ServerProcess server = ServerProcess.start(options(stores, "--ack-timeout", "500ms"))) {
            assertThat(post(server.ingest(), "/events?ack=stream").body()).isEqualTo(ACCEPTED);
            Signals.send("STOP", stores.redisPid());
            try (HttpClient client = new HttpClient(server.ingest())) {
                client.post("/events?ack=stream", "application/json", EVENT);
                client.post("/events", "application/json", EVENT);
                client.get("/pixel.gif?u=1&a=view&e=hero&ack=stream");
                client.flush();
                assertThat(client.read().body()).isEqualTo("{\"status\":\"accepted\",\"ack\":\"journal\"}");
                assertThat(client.read().body()).as("in its turn").isEqualTo(ACCEPTED);
                assertThat(client.read().fields()).contains("X-Ack: journal");
            } finally {
                Signals.send("CONT", stores.redisPid());
            }
            assertThat(post(server.ingest(), "/events?ack=stored").status()).isEqualTo(202);
            assertThat(server.stop()).as(server.output()).isZero();
            assertThat(stores.tables().number("SELECT sum(count) FROM aggregated_events"))
                    .isEqualTo(5);
        }
    }

    private List<String> options(final Stores stores, final String... more) {
        final List<String> options = new ArrayList<>(stores.options());
        options.addAll(List.of("--data-dir", dataDir.toString(), "--event-loops", "1"));
        options.addAll(List.of(more));
        return options;
    }

    private static Reply post(final InetSocketAddress address, final String target) throws IOException {
        try (HttpClient client = new HttpClient(address)) {
            client.post(target, "application/json", EVENT);
            return client.exchange();
        }
    }
}
