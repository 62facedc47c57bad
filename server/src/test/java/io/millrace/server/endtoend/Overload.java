package io.millrace.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;

/** Sends batches as fast as they are answered, whatever the answer, and counts what was accepted. */
final class Overload implements AutoCloseable {
    private static final int BATCH = 200;
    private static final int PIPELINED = 16;
    private static final String RETRY_AFTER = "Retry-After: ";

    private final HttpClient client;
    private final String batch;
    private long accepted;
    private int retryAfterSeconds;

    Overload(final InetSocketAddress server) throws IOException {
        client = new HttpClient(server);
        batch = "{\"user_id\":\"somebody\",\"action\":\"scroll\",\"element\":\"a rather long page\"}\n".repeat(BATCH);
    }

    /** Sends one batch; it is taken whole, or refused with a time at which to come again. */
    boolean send() throws IOException {
        client.post("/events", "application/x-ndjson", batch);
        return taken(client.exchange());
    }

    /** Sends as many batches, some at a time, whatever the answers. */
    void send(final int batches) throws IOException {
        for (int sent = 0; sent < batches; sent += PIPELINED) {
            for (int i = 0; i < PIPELINED; i++) {
                client.post("/events", "application/x-ndjson", batch);
            }
            client.flush();
            for (int i = 0; i < PIPELINED; i++) {
                taken(client.read());
            }
        }
    }

    private boolean taken(final HttpClient.Reply reply) {
        if (reply.status() == 202) {
            assertThat(reply.number("accepted")).as(reply.body()).isEqualTo(BATCH);
            accepted += BATCH;
            return true;
        }
        assertThat(reply.status()).as(reply.body()).isEqualTo(503);
        assertThat(reply.body()).contains("\"overloaded\"");
        retryAfterSeconds = reply.fields().stream()
                .filter(field -> field.startsWith(RETRY_AFTER))
                .mapToInt(field -> Integer.parseInt(field.substring(RETRY_AFTER.length())))
                .findFirst()
                .orElseThrow();
        assertThat(retryAfterSeconds).isBetween(1, 60);
        return false;
    }

    /** How many events were accepted so far. */
    long accepted() {
        return accepted;
    }

    /** What the last refusal said. */
    int retryAfterSeconds() {
        return retryAfterSeconds;
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
