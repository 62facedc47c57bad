package io.millrace.server.config;

import io.millrace.server.config.Setting.Given;
import java.util.Map;
import java.util.Optional;

/**
 * Where the text of an option comes from: the command line, else the environment, else a properties file, else its default.
 * An empty variable is no variable: tools that start containers pass those for what was not set.
 */
final class SettingSources {
    private final Map<String, String> commandLine;
    private final Map<String, String> environment;
    private final PropertiesFile file;

    SettingSources(
            final Map<String, String> commandLine, final Map<String, String> environment, final PropertiesFile file) {
        this.commandLine = commandLine;
        this.environment = environment;
        this.file = file;
    }

    /** The value of an option that has a default. */
    <T> T value(final Setting<T> setting) {
        return optional(setting)
                .orElseGet(() -> setting.format().parse(setting.fallback().orElseThrow()));
    }

    /** The value of an option, if one was given. */
    <T> Optional<T> optional(final Setting<T> setting) {
        return given(setting).map(setting::parse);
    }

    /** The option as the user sees it, with its value, for an error that concerns several of them. */
    String show(final Setting<?> setting) {
        return given(setting)
                .map(given -> given.key() + "=" + given.text())
                .orElseGet(() -> setting.option() + "=" + setting.shownDefault());
    }

    private Optional<Given> given(final Setting<?> setting) {
        final String flag = commandLine.get(setting.option());
        if (flag != null) {
            return Optional.of(new Given(setting.option(), flag));
        }
        final String variable = environment.getOrDefault(setting.variable(), "");
        if (!variable.isEmpty()) {
            return Optional.of(new Given(setting.variable(), variable));
        }
        return file.get(setting.name());
    }
}
