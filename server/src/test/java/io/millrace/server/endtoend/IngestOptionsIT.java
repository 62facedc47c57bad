package io.millrace.server.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.storage.testing.Await;
import io.millrace.storage.testing.PostgresExtension;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Write keys, origins, compressed bodies and limits, from the command line to the tables, by the JDK's own client. */
class IngestOptionsIT {
    @RegisterExtension
    static final PostgresExtension POSTGRES = new PostgresExtension();

    private static final String KEY = "it-second-key";
    private static final String PAGE = "https://www.shop.example";
    private static final int EVENTS = 1000;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TempDir
    private Path dataDir;

    @Test
    void shouldServeByItsOptions() throws Exception {
        try (Stores stores = Stores.start(POSTGRES);
                ServerProcess server = ServerProcess.start(options(stores))) {
            final byte[] lines = compressed(lines(EVENTS));
            final HttpResponse<String> taken = post(server.ingest(), KEY, lines);
            assertThat(taken.statusCode()).isEqualTo(202);
            assertThat(taken.body()).contains("\"accepted\":" + EVENTS);
            assertThat(taken.headers().firstValue("Access-Control-Allow-Origin"))
                    .contains(PAGE);

            final HttpResponse<String> wrongKey = post(server.ingest(), "it-wrong-key", lines);
            assertThat(wrongKey.statusCode()).isEqualTo(401);
            assertThat(wrongKey.headers().firstValue("WWW-Authenticate")).contains("Basic realm=\"millrace\"");
            final HttpResponse<String> tooLarge = post(server.ingest(), KEY, compressed(" ".repeat((128 << 10) + 1)));
            assertThat(tooLarge.statusCode()).isEqualTo(413);
            assertThat(post(server.ingest(), KEY, new byte[100]).statusCode()).isEqualTo(400);

            Await.until("every event is stored", () -> server.admin("/ledger").number("stored") == EVENTS);
            assertThat(stores.tables().number("SELECT sum(count) FROM aggregated_events"))
                    .isEqualTo(EVENTS);
            assertThat(server.admin("/metrics").body())
                    .contains("\nmillrace_ingest_body_memory_free_bytes 2097152.0\n")
                    .contains("\nmillrace_ingest_body_memory_capacity_bytes 2097152.0\n")
                    .contains("\nmillrace_ingest_requests_unauthorized_total 1.0\n")
                    .contains("\nmillrace_ingest_inflated_bytes_total "
                            + (double) lines(EVENTS).length() + "\n")
                    .contains("\nmillrace_journal_used_bytes{")
                    .doesNotContain(KEY, "it-first-key", "it-wrong-key");
            assertThat(server.stop()).as(server.output()).isZero();
            assertThat(server.output()).doesNotContain(KEY, "it-first-key", "it-wrong-key");
        }
    }

    private List<String> options(final Stores stores) {
        final List<String> options = new ArrayList<>(stores.options());
        options.addAll(List.of("--data-dir", dataDir.toString(), "--event-loops", "1"));
        options.addAll(List.of("--write-key", "it-first-key," + KEY, "--cors-origin", "https://*.shop.example"));
        options.addAll(List.of("--max-body", "128KiB", "--body-memory", "2MiB"));
        return options;
    }

    private HttpResponse<String> post(final InetSocketAddress server, final String key, final byte[] body)
            throws IOException, InterruptedException {
        final URI events = URI.create("http://127.0.0.1:" + server.getPort() + "/events");
        return client.send(
                HttpRequest.newBuilder(events)
                        .header("Content-Type", "application/x-ndjson")
                        .header("Content-Encoding", "gzip")
                        .header("Origin", PAGE)
                        .header("X-Write-Key", key)
                        .POST(BodyPublishers.ofByteArray(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private static String lines(final int count) {
        final StringBuilder lines = new StringBuilder();
        for (int i = 0; i < count; i++) {
            lines.append("{\"user_id\":").append(i).append(",\"action\":\"click\",\"element\":\"buy\"}\n");
        }
        return lines.toString();
    }

    private static byte[] compressed(final String text) throws IOException {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(text.getBytes(UTF_8));
        }
        return out.toByteArray();
    }
}
