package io.millrace.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** {@code docs/configuration.md} is made from the options; what it should be is left in {@code target/configuration.md}. */
class ConfigurationDocumentTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "configuration.md");
    private static final Path MADE = Path.of("target", "configuration.md");

    private static final String HEAD = """
            # Configuration

            Made from the options of the server; a test compares it with them. `./millrace run --help` says the same.

            Each option is a flag, a variable of the environment, or a line of the properties file that `--config FILE` (`MILLRACE_CONFIG`)
            names, in which it is called as the flag without its hyphens: `flush=2s`. The flag comes first, then the variable, then the file; an
            empty variable is none. A wrong value is refused at the start, with its bounds. Times have a unit (`100ms`, `10s`, `5m`,
            `1h`), sizes too (`64KiB`, `1MiB`); a switch is on without a value.

            Values that may hold a password are never shown. A command line can be read by everybody on the machine: give those by
            variable or file.
            """;

    @Test
    void shouldBeMadeFromTheOptions() throws IOException {
        final StringBuilder made = new StringBuilder(HEAD);
        for (final SettingGroup group : Settings.GROUPS) {
            made.append("\n## ")
                    .append(group.heading())
                    .append("\n\n| option, variable | value | default | |\n|---|---|---|---|\n");
            for (final Setting<?> setting : group.settings()) {
                append(made, setting);
            }
        }
        Files.createDirectories(MADE.getParent());
        Files.writeString(MADE, made);
        assertThat(Files.readString(DOCUMENT))
                .as("copy server/%s to docs/", MADE)
                .isEqualTo(made.toString());
    }

    private static void append(final StringBuilder made, final Setting<?> setting) {
        // How many processors there are here does not matter there.
        final String fallback = setting.shownDefault().replaceAll(", here [0-9]+$", "");
        made.append("| `")
                .append(setting.option())
                .append("`<br>`")
                .append(setting.variable())
                .append("` | ");
        made.append(cell(setting.format().label() + ": " + setting.format().bounds()))
                .append(" | ");
        made.append(cell(fallback)).append(" | ");
        made.append(cell(setting.description()))
                .append(setting.secret() ? "; secret" : "")
                .append(" |\n");
    }

    private static String cell(final String text) {
        return text.replace("|", "\\|").replace("*", "\\*").replace("<", "&lt;");
    }
}
