package io.millrace.bench.day;

import io.millrace.bench.load.EventShape;
import io.millrace.bench.process.ServerOptions;
import io.millrace.bench.process.ServiceProcess;
import io.millrace.bench.process.TemporaryFolder;
import io.millrace.bench.tool.Kinds;
import io.millrace.bench.tool.Option;
import io.millrace.bench.tool.OptionException;
import io.millrace.bench.tool.OptionGroup;
import io.millrace.bench.tool.OptionValues;
import io.millrace.bench.tool.Tool;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code millrace bench day}: starts a server with its embedded stores on an empty folder, sends it a day's events and compares
 * the tables with what was sent.
 *
 * <p>Exit status 0 if every count is right, else 1; 2 for a wrong option.
 */
public final class DayTool implements Tool {
    private static final long MAX_EVENTS = 10_000_000_000L;

    private static final Option<Long> EVENTS = Option.of(
            "events",
            "73440000",
            Kinds.count(DayGenerator.BATCH, MAX_EVENTS),
            "How many; whole requests of " + DayGenerator.BATCH);
    private static final Option<Long> SEED =
            Option.of("seed", "1", Kinds.count(0, 999_999_999_999L), "What they are drawn from");
    private static final Option<Duration> LIMIT =
            Option.of("limit", "10m", Kinds.time(Duration.ofSeconds(1), Duration.ofHours(24)), "When it is given up");
    private static final Option<Duration> WINDOW =
            Option.of("window", "10s", Kinds.time(Duration.ofSeconds(1), Duration.ofHours(1)), "The server's windows");
    private static final Option<Path> FOLDER = Option.optional(
            "folder",
            "one for temporary files, which is removed",
            Kinds.path("FOLDER"),
            "Where the server's data goes, and stays");

    @Override
    public String name() {
        return "day";
    }

    @Override
    public String description() {
        return "Sends a day's 73,440,000 events as fast as they go, and compares every count in PostgreSQL.";
    }

    @Override
    public List<OptionGroup> options() {
        return List.of(
                new OptionGroup("Events", List.of(EVENTS, SEED, LIMIT)),
                new OptionGroup("Server", List.of(WINDOW, ServerOptions.SERVER, FOLDER)));
    }

    @Override
    public int run(final OptionValues values, final PrintWriter out, final PrintWriter err) throws Exception {
        if (values.value(EVENTS) % DayGenerator.BATCH != 0) {
            throw new OptionException(values.show(EVENTS) + ": must be a multiple of " + DayGenerator.BATCH);
        }
        final Path kept = values.optional(FOLDER).orElse(null);
        if (kept != null && Files.exists(kept)) {
            throw new OptionException(values.show(FOLDER) + ": exists; give one that does not");
        }
        if (kept != null) {
            return run(values, kept, out, err);
        }
        try (TemporaryFolder folder = TemporaryFolder.create("millrace-day")) {
            return run(values, folder.path(), out, err);
        }
    }

    private static int run(final OptionValues values, final Path folder, final PrintWriter out, final PrintWriter err)
            throws Exception {
        final long events = values.value(EVENTS);
        final EventShape shape = EventShape.DEFAULTS.withSeed(values.value(SEED));
        final Duration window = values.value(WINDOW);
        final List<String> options = new ArrayList<>(List.of("--window=" + window.toSeconds() + "s"));
        options.addAll(values.value(ServerOptions.SERVER));
        try (ServiceProcess server = ServiceProcess.startMillrace(ServiceProcess.jar(), folder, options)) {
            final DayResult result = new DayRun(server, shape, window, events, values.value(LIMIT), err).run();
            new DayTable(result, out).print(shape);
            return result.clean() ? 0 : 1;
        }
    }
}
