package io.millrace.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.storage.testing.Await;
import io.millrace.storage.testing.PostgresExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What {@code ./millrace package} packs, unpacked where there is a Java runtime, and no compiler, no Maven and no source. */
class PackageIT {
    @RegisterExtension
    static final PostgresExtension POSTGRES = new PostgresExtension();

    private static final Path DIST = Path.of("src/main/dist").toAbsolutePath();
    private static final List<String> TOOLS = List.of("bash", "env", "dirname", "readlink", "sed", "grep");
    private static final int TIMEOUT_SECONDS = 120;

    @TempDir
    private Path folder;

    private Path home;
    private Path bin;
    private Path runtime;

    @BeforeEach
    void unpack() throws Exception {
        final Output packed = run(
                Map.of("JAVA_HOME", System.getProperty("java.home"), "PATH", System.getenv("PATH")),
                DIST.resolve("package.sh").toString(),
                "target");
        assertThat(packed.status()).as(packed.text()).isZero();
        final Path archive = Path.of(packed.text().strip());
        final Output unpacked =
                run(Map.of("PATH", System.getenv("PATH")), "tar", "-xzf", archive.toString(), "-C", folder.toString());
        assertThat(unpacked.status()).as(unpacked.text()).isZero();
        home = folder.resolve(archive.getFileName().toString().replace(".tar.gz", ""));

        bin = Files.createDirectory(folder.resolve("tools"));
        for (final String tool : TOOLS) {
            final Path found = List.of("/usr/bin", "/bin").stream()
                    .map(each -> Path.of(each, tool))
                    .filter(Files::isExecutable)
                    .findFirst()
                    .orElseThrow();
            standIn(bin.resolve(tool), found);
        }
        runtime = folder.resolve("jre");
        Files.createDirectories(runtime.resolve("bin"));
        standIn(runtime.resolve("bin/java"), Path.of(System.getProperty("java.home"), "bin", "java"));
    }

    @Test
    void shouldTakeEventsInWithAJavaRuntimeAlone() throws Exception {
        try (Stores stores = Stores.start(POSTGRES);
                ServerProcess server = ServerProcess.start(server(stores))) {
            try (HttpClient client = new HttpClient(server.ingest())) {
                client.post("/events", "application/json", "{\"user_id\":1,\"action\":\"a\",\"element\":\"e\"}");
                assertThat(client.exchange().status()).isEqualTo(202);
            }
            final Tables tables = stores.tables();
            Await.until(
                    "the event is in its window", () -> tables.number("SELECT count(*) FROM aggregated_events") == 1);
            assertThat(server.stop()).as(server.output()).isZero();
            assertThat(server.output()).contains("ledger {\"balanced\":true");
        }
    }

    @Test
    void shouldSayWhatWasBuilt() throws Exception {
        // As it is installed: called by a link.
        final Path link = Files.createSymbolicLink(folder.resolve("millrace"), home.resolve("bin/millrace"));
        final Output version = run(environment(), link.toString(), "--version");
        assertThat(version.status()).as(version.text()).isZero();
        assertThat(version.text())
                .startsWith(home.getFileName().toString().replace('-', ' ') + "\ncommit ")
                .contains("\nbuilt with JDK ");
        assertThat(home.resolve("LICENSE")).hasSameBinaryContentAs(Path.of("..", "LICENSE"));
    }

    @Test
    void shouldSayThatARedisIsMissing() throws Exception {
        final Output refused = run(environment(), home.resolve("bin/millrace").toString(), "run");
        assertThat(refused.status()).isEqualTo(2);
        assertThat(refused.text()).startsWith("millrace: no redis-server: ").contains("--redis");
    }

    private ProcessBuilder server(final Stores stores) {
        final List<String> command = new ArrayList<>(List.of(
                home.resolve("bin/millrace").toString(),
                "run",
                "--config",
                home.resolve("etc/millrace.properties").toString(),
                "--listen=127.0.0.1:0",
                "--admin=127.0.0.1:0",
                "--data-dir",
                folder.resolve("data").toString()));
        command.addAll(stores.options());
        final ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment());
        return builder;
    }

    private Map<String, String> environment() {
        return Map.of("PATH", bin.toString(), "JAVA_HOME", runtime.toString(), "MILLRACE_JAVA_OPTS", "-Xmx256m");
    }

    /** A script and no link, so that whoever follows links finds this folder. */
    private static void standIn(final Path script, final Path program) throws IOException {
        Files.writeString(script, "#!/bin/sh\nexec '" + program + "' \"$@\"\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
    }

    private Output run(final Map<String, String> environment, final String... command) throws Exception {
        final Path output = Files.createTempFile(folder, "output", "");
        final ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        final Process process = builder.start();
        try {
            assertThat(process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS))
                    .as(String.join(" ", command))
                    .isTrue();
            return new Output(process.exitValue(), Files.readString(output));
        } finally {
            process.destroyForcibly();
        }
    }

    private record Output(int status, String text) {}
}
