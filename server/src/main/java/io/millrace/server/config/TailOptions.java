package io.millrace.server.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** The options of {@code millrace tail}, from the command line to a {@link TailConfig}. */
public final class TailOptions {
    private static final Pattern ANY = Pattern.compile("(?s).+");

    private static final Setting<TailStart> FROM =
            Setting.of("from", "now", new TailStartFormat(), "The events to begin with");
    private static final Setting<String> ACTION = Setting.optional(
            "action", "any", new TextFormat<>("TEXT", ANY, "an action", text -> text), "The only action to show");
    private static final Setting<String> ELEMENT = Setting.optional(
            "element", "any", new TextFormat<>("TEXT", ANY, "an element", text -> text), "The only element to show");
    private static final Setting<Boolean> FOLLOW =
            Setting.of("follow", "true", new SwitchFormat(), "Whether to wait for events to come");

    private static final CommandOptions OPTIONS = new CommandOptions(List.of(
            new SettingGroup("Events", List.of(FROM, ACTION, ELEMENT, FOLLOW)),
            new SettingGroup("Where they are", List.of(Settings.DATA_DIR, Settings.REDIS))));

    private TailOptions() {}

    /** Declares the options on a command. */
    public static void declare(final CommandSpec command) {
        OPTIONS.declare(command);
    }

    /**
     * Finds and checks the value of every option.
     *
     * @throws ConfigException if an option is wrong
     */
    public static TailConfig resolve(final ParseResult parsed, final Map<String, String> environment) {
        final SettingSources sources = OPTIONS.sources(parsed, environment);
        return new TailConfig(
                sources.optional(Settings.REDIS).orElseGet(() -> embedded(sources)),
                sources.value(FROM),
                sources.optional(ACTION),
                sources.optional(ELEMENT),
                sources.value(FOLLOW));
    }

    /** The Redis that a server on the data folder has started: it leaves its address there. */
    private static ConnectionUri embedded(final SettingSources sources) {
        final Path file = ServerOptions.dataDir(sources).resolve("redis").resolve("uri");
        try {
            return Settings.REDIS.format().parse(Files.readString(file).strip());
        } catch (final NoSuchFileException e) {
            throw new ConfigException("no --redis, and no embedded Redis in " + file.getParent()
                    + ": give its address by --redis, or the server's --data-dir");
        } catch (final IOException e) {
            throw new ConfigException(
                    file + " cannot be read (" + e + "): become the user that runs the server, or give --redis");
        }
    }
}
