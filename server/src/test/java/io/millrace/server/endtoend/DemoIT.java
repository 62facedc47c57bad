package io.millrace.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.storage.postgres.PostgresSettings;
import io.millrace.storage.testing.Await;
import io.millrace.storage.testing.PostgresExtension;
import io.millrace.storage.testing.RedisExtension;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A server that was started with {@code --demo} moves by itself, and stops like any other. */
class DemoIT {
    @RegisterExtension
    static final PostgresExtension POSTGRES = new PostgresExtension();

    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    @TempDir
    private Path dataDir;

    @Test
    void shouldShowSimulatedTrafficAndStopWithBooksThatBalance() throws Exception {
        final PostgresSettings database = POSTGRES.newDatabase();
        final String postgres = database.jdbcUrl() + (database.jdbcUrl().contains("?") ? '&' : '?') + "user="
                + database.user() + "&password=" + database.password();
        try (ServerProcess server = ServerProcess.start(
                List.of("--demo", "--redis", REDIS.uri(), "--postgres", postgres, "--data-dir", dataDir.toString()))) {
            Await.until("events are stored", () -> server.admin("/ledger").number("stored") >= 20);
            assertThat(server.admin("/api/top").body()).contains("\"name\":\"hero\"");
            assertThat(server.admin("/api/top?by=action").body()).contains("\"name\":\"click\"", "\"name\":\"view\"");
            assertThat(server.admin("/api/status").body()).contains("\"ready\":true", "\"state\":\"shipping\"");
            assertThat(server.admin("/").body()).contains("<title>Millrace</title>");
            assertThat(server.stop()).as(server.output()).isZero();
            assertThat(server.output()).contains("dashboard", "ledger {\"balanced\":true");
        }
    }
}
