package io.millrace.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the command line says of itself. */
class HelpAndVersionTest {
    private final Shell shell = new Shell();

    @Test
    void shouldListEveryOptionWithDefaultAndBounds() {
        assertThat(shell.execute("run", "--help")).isZero();
        final String help = shell.out().replaceAll("\\s+", " ");
        assertThat(help)
                .contains("Network:", "Stores:", "Data path:", "Limits:")
                .contains("--flush=TIME How often counts are written. 100ms to 1m (default: 1s)")
                .contains("--journal-size=SIZE", "a power of two, 64KiB to 1GiB (default: 64MiB)")
                .contains("--role=NAME", "all, ingest, aggregate (default: all)");
        assertThat(List.of(
                        "listen",
                        "admin",
                        "data-dir",
                        "redis",
                        "postgres",
                        "node",
                        "event-loops",
                        "transport",
                        "write-key",
                        "cors-origin"))
                .allSatisfy(name -> assertThat(help).contains("--" + name + "="));
        assertThat(List.of(
                        "max-request-line",
                        "max-fields",
                        "max-field-count",
                        "max-body",
                        "body-memory",
                        "max-connections",
                        "keep"))
                .allSatisfy(name -> assertThat(help).contains("--" + name + "="));
        assertThat(List.of("journal-dir", "window", "startup-timeout", "shutdown-timeout", "idle-timeout", "config"))
                .allSatisfy(name -> assertThat(help).contains("--" + name + "="));
        assertThat(shell.config()).isNull();
    }

    @Test
    void shouldPrintWhatWasBuilt() {
        assertThat(shell.execute("--version")).isZero();
        assertThat(shell.out().lines().toList())
                .satisfiesExactly(
                        line -> assertThat(line).matches("millrace \\d+\\.\\d+\\.\\d+(-\\S+)?"),
                        line -> assertThat(line).matches("commit (unknown|[0-9a-f]{12,40}(-modified)?)"),
                        line -> assertThat(line)
                                .matches("built with JDK \\d\\S*, runs on Java "
                                        + Pattern.quote(Runtime.version().toString())));
    }
}
