package io.millrace.server.config;

import io.millrace.server.ingest.WriteKeys;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** The options of {@code millrace replay}, from the command line to a {@link ReplayConfig}. */
public final class ReplayOptions {
    private static final int MAX_BATCH_LINES = 10_000;
    private static final String STANDARD_INPUT = "-";

    private static final Setting<URI> TO = Setting.of(
            "to",
            "http://127.0.0.1:8080",
            new TextFormat<>(
                    "URL",
                    Pattern.compile("https?://([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(:[0-9]{1,5})?/?"),
                    "http://host:port or https://host:port",
                    ReplayOptions::target),
            "The ingest port");
    private static final Setting<String> WRITE_KEY = Setting.optional(
                    "write-key",
                    "none",
                    new ListFormat<>(
                            "KEY",
                            WriteKeys.KEY,
                            WriteKeys.MAX_KEYS,
                            "a key of the server's; of several, separated by commas, the first is used",
                            keys -> keys.get(0)),
                    "The key that requests carry")
            .withSecret();
    private static final Setting<Integer> BATCH =
            Setting.of("batch", "500", new CountFormat(1, MAX_BATCH_LINES), "The most lines in one request");
    private static final Setting<Integer> SKIP = Setting.of(
            "skip", "0", new CountFormat(0, Integer.MAX_VALUE), "How many lines to leave out at the beginning");
    private static final Setting<Duration> PATIENCE = Setting.of(
            "patience",
            "10m",
            new DurationFormat(Duration.ofSeconds(1), Duration.ofDays(7)),
            "How long a server that cannot be reached, or is full, is waited for");

    private static final CommandOptions OPTIONS =
            new CommandOptions(List.of(new SettingGroup("Options", List.of(TO, WRITE_KEY, BATCH, SKIP, PATIENCE))));

    private ReplayOptions() {}

    /** Declares the options on a command. */
    public static void declare(final CommandSpec command) {
        command.addPositional(PositionalParamSpec.builder()
                .paramLabel("FILE")
                .type(String.class)
                .arity("1")
                .description("The lines, each an event as JSON; " + STANDARD_INPUT + " is standard input")
                .build());
        OPTIONS.declare(command);
    }

    /**
     * Finds and checks the value of every option.
     *
     * @throws ConfigException if an option is wrong, or the file cannot be read
     */
    public static ReplayConfig resolve(final ParseResult parsed, final Map<String, String> environment) {
        final SettingSources sources = OPTIONS.sources(parsed, environment);
        return new ReplayConfig(
                file(parsed.matchedPositional(0).getValue()),
                sources.value(TO),
                sources.optional(WRITE_KEY),
                sources.value(BATCH),
                sources.value(SKIP),
                sources.value(PATIENCE));
    }

    private static Optional<Path> file(final String name) {
        if (STANDARD_INPUT.equals(name)) {
            return Optional.empty();
        }
        try {
            final Path file = Path.of(name);
            if (Files.isReadable(file) && !Files.isDirectory(file)) {
                return Optional.of(file);
            }
        } catch (final InvalidPathException e) {
            throw new ConfigException(name + ": not a path: give the file with the events, or - for standard input");
        }
        throw new ConfigException(
                name + ": no file that this user may read: give the file with the events, or - for standard input");
    }

    private static URI target(final String text) {
        return URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
    }
}
