package io.millrace.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.storage.postgres.PostgresSettings;
import io.millrace.storage.testing.Await;
import io.millrace.storage.testing.PostgresExtension;
import io.millrace.storage.testing.RedisExtension;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A server that draws flame graphs of itself, and is stopped while it does. */
class ProfileIT {
    @RegisterExtension
    static final PostgresExtension POSTGRES = new PostgresExtension();

    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    private static final String TOKEN = "a-token-of-the-test";

    @TempDir
    private Path dataDir;

    @Test
    void shouldDrawItsThreadsAndStopWhileItSamples() throws Exception {
        final PostgresSettings database = POSTGRES.newDatabase();
        final String url = database.jdbcUrl();
        final String postgres =
                url + (url.contains("?") ? '&' : '?') + "user=" + database.user() + "&password=" + database.password();
        try (ServerProcess server = ServerProcess.start(List.of(
                "--redis",
                REDIS.uri(),
                "--postgres",
                postgres,
                "--admin-token",
                TOKEN,
                "--event-loops",
                "1",
                "--data-dir",
                dataDir.toString()))) {
            // All threads are sampled in turns, so that each is seen after a while, whatever else the machine does.
            Await.until("all of the path is in a graph", () -> {
                final HttpResponse<String> wall = Profiles.take(server, TOKEN, "event=wall&seconds=1");
                assertThat(wall.statusCode()).as(wall.body()).isEqualTo(200);
                assertThat(wall.body()).startsWith("<!DOCTYPE html>").contains("Millrace wall");
                final List<String> names = Profiles.names(wall.body());
                return Stream.of("[ingest-", "[shipper-", "[aggregator ", "io/millrace/")
                        .allMatch(begin -> names.stream().anyMatch(name -> name.startsWith(begin)));
            });
            for (final String event : List.of("cpu", "alloc", "lock")) {
                final HttpResponse<String> graph = Profiles.take(server, TOKEN, "seconds=1&event=" + event);
                assertThat(graph.statusCode()).as(graph.body()).isEqualTo(200);
                assertThat(graph.body()).contains("Millrace " + event);
                assertThat(graph.headers().firstValue("content-disposition"))
                        .hasValue("attachment; filename=\"millrace-" + event + ".html\"");
            }
            assertThat(Files.isDirectory(dataDir.resolve("libraries"))).isTrue();
            assertThat(Profiles.take(server, "not-the-token-of-it", "seconds=1").statusCode())
                    .isEqualTo(401);

            final CompletableFuture<?> last = Profiles.begin(server, TOKEN, "event=wall&seconds=60");
            Await.until("it samples", () -> server.output().contains("taking a profile of wall for 60 s"));
            assertThat(Profiles.take(server, TOKEN, "seconds=1").statusCode()).isEqualTo(409);
            assertThat(server.admin("/healthz").status()).isEqualTo(200);
            assertThat(server.stop()).as(server.output()).isZero();
            // With an error, or without an answer: the port may have been closed before.
            assertThat(last.handle((reply, failure) -> failure != null || ((HttpResponse<?>) reply).statusCode() == 503)
                            .join())
                    .isEqualTo(true);
            assertThat(server.output()).doesNotContain(TOKEN, " ERROR ");
        }
    }
}
