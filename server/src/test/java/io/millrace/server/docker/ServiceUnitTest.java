package io.millrace.server.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.server.config.ServerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files that the package has for systemd and for a start, held against the server's own options. */
class ServiceUnitTest {
    private static final Path DIST = Path.of("src/main/dist");

    @TempDir
    private Path folder;

    @Test
    void shouldGiveTheServerMoreTimeToStopThanItTakes() throws IOException {
        final Map<String, String> unit = unit();
        final ServerConfig config = Setup.resolve(Map.of());
        // Whole seconds in a unit without a suffix; embedded stores are stopped after the server's own deadline.
        assertThat(Duration.ofSeconds(Long.parseLong(unit.get("TimeoutStopSec"))))
                .isGreaterThanOrEqualTo(config.shutdownTimeout().plusSeconds(15));
        assertThat(unit).containsEntry("KillSignal", "SIGTERM").containsEntry("ExecReload", "/bin/kill -HUP $MAINPID");
        // A profile tries a call that is forbidden: the answer must not be the end of the server.
        assertThat(unit).containsEntry("SystemCallErrorNumber", "EPERM");
        assertThat(unit).containsEntry("LimitNICE", "-10");
        assertThat(Integer.parseInt(unit.get("LimitNOFILE")))
                .isGreaterThan(2 * config.ingest().limits().connections());
    }

    @Test
    void shouldKeepItsDataWhereItMayWrite() throws IOException {
        final Map<String, String> unit = unit();
        final String variable = unit.get("Environment");
        assertThat(variable).isEqualTo("MILLRACE_DATA_DIR=/var/lib/" + unit.get("StateDirectory"));
        assertThat(Setup.unknown(Set.of(variable.split("=", 2)[0]))).isEmpty();
        assertThat(unit).containsEntry("ProtectSystem", "strict").containsEntry("User", "millrace");
    }

    @Test
    void shouldShowOptionsThatTheServerTakes() throws IOException {
        final String example = Files.readString(DIST.resolve("millrace.properties"));
        final String all = example.lines()
                .map(line -> line.replaceFirst("^#(?=[a-z-]+=)", ""))
                .collect(Collectors.joining("\n"));
        final Set<String> keys = all.lines()
                .filter(line -> line.matches("[a-z-]+=.*"))
                .map(line -> line.split("=", 2)[0])
                .collect(Collectors.toSet());
        assertThat(keys).contains("listen", "redis", "postgres", "tls-cert");
        assertThat(Setup.unknown(keys.stream()
                        .map(key -> "MILLRACE_" + key.replace('-', '_').toUpperCase(Locale.ROOT))
                        .collect(Collectors.toSet())))
                .isEmpty();
        // As it is, and with every line in use but for the files that it names, which are not here.
        for (final String text : new String[] {example, all.replaceAll("(?m)^[a-z-]+=/etc/.*$", "")}) {
            final Path file = Files.writeString(folder.resolve("millrace.properties"), text);
            assertThat(Setup.resolve(Map.of("MILLRACE_CONFIG", file.toString())).listen())
                    .isEqualTo(Setup.resolve(Map.of()).listen());
        }
    }

    /** Its settings; of one that stands twice the last. */
    private static Map<String, String> unit() throws IOException {
        return Files.readAllLines(DIST.resolve("systemd/millrace.service")).stream()
                .filter(line -> line.matches("[A-Z].*=.*"))
                .map(line -> line.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1], (first, second) -> second));
    }
}
