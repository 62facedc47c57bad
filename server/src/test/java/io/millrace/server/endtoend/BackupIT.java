package io.millrace.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.storage.testing.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server with its embedded stores comes back from a copy of its folder, by the commands of the documentation. */
class BackupIT {
    private static final Path OPERATIONS =
            Path.of("..", "docs", "operations.md").toAbsolutePath();
    private static final Pattern TAR = Pattern.compile("^tar --(?:create|extract) .+$", Pattern.MULTILINE);
    private static final int EVENTS = 300;
    private static final int TIMEOUT_SECONDS = 60;

    @TempDir
    private Path folder;

    @Test
    void shouldGoOnFromACopyOfItsFolderWithoutLosingOrDoublingAnything() throws Exception {
        final List<String> commands = TAR.matcher(Files.readString(OPERATIONS))
                .results()
                .map(found -> found.group())
                .toList();
        assertThat(commands).hasSize(2);
        final Path original = folder.resolve("original");
        try (ServerProcess server = ServerProcess.start(options(original))) {
            send(server);
            assertThat(server.stop()).as(server.output()).isZero();
        }
        run(commands.get(0), original);

        final Path copy = Files.createDirectory(folder.resolve("copy"));
        run(commands.get(1), copy);
        try (ServerProcess server = ServerProcess.start(options(copy))) {
            assertThat(server.admin("/ledger?verify=full").body())
                    .startsWith("{\"balanced\":true,")
                    .contains("\"stored\":" + EVENTS + ',', "\"inFlight\":0,", "\"lost\":0,");
            send(server);
            Await.until(
                    "those that came after are stored too",
                    () -> server.admin("/ledger").number("stored") == 2 * EVENTS);
            assertThat(server.admin("/ledger?verify=full").body()).startsWith("{\"balanced\":true,");
            assertThat(server.stop()).as(server.output()).isZero();
            assertThat(server.output()).doesNotContain(" ERROR ");
        }
    }

    private static void send(final ServerProcess server) throws Exception {
        try (HttpClient client = new HttpClient(server.ingest())) {
            for (int i = 0; i < EVENTS; i++) {
                client.get("/pixel.gif?u=" + i + "&a=view&e=backup");
            }
            client.flush();
            for (int i = 0; i < EVENTS; i++) {
                assertThat(client.read().status()).isEqualTo(200);
            }
        }
    }

    private static List<String> options(final Path dataDir) {
        return List.of("--data-dir", dataDir.toString(), "--event-loops", "1", "--journal-size", "16MiB");
    }

    private void run(final String command, final Path data) throws Exception {
        final Path output = folder.resolve("output");
        final ProcessBuilder builder = new ProcessBuilder("bash", "-euc", command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("DATA", data.toString());
        final Process process = builder.start();
        try {
            assertThat(process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue())
                    .as("%s: %s", command, Files.readString(output))
                    .isZero();
        } finally {
            process.destroyForcibly();
        }
    }
}
