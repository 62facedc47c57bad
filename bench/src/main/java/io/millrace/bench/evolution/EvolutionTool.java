package io.millrace.bench.evolution;

import io.millrace.bench.process.ServiceProcess;
import io.millrace.bench.process.TemporaryFolder;
import io.millrace.bench.tool.Kinds;
import io.millrace.bench.tool.Option;
import io.millrace.bench.tool.OptionGroup;
import io.millrace.bench.tool.OptionValues;
import io.millrace.bench.tool.Tool;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * {@code millrace bench evolution}: the four versions of the service that Millrace starts from, and Millrace.
 *
 * <p>Exit status 1 if Millrace refused an event or has not stored exactly what it accepted: of the others that is the finding.
 */
public final class EvolutionTool implements Tool {
    private static final int SUSTAINED_CONNECTIONS = 200;
    private static final Level WARMUP = Level.of(2_000, 50);
    private static final Level QUICK = Level.of(300, 10);

    private static final Option<List<Version>> VERSIONS = Option.of(
            "versions",
            "v1,v2,v3,v4,v5",
            Kinds.text(
                    "NAMES",
                    Pattern.compile("v[1-5](,v[1-5])*"),
                    "some of v1 to v5, separated by commas",
                    text -> Arrays.stream(text.split(","))
                            .map(name -> Version.valueOf(name.toUpperCase(Locale.ROOT)))
                            .toList()),
            "What to run");
    private static final Option<Duration> SUSTAINED = Option.optional(
            "sustained",
            "none",
            Kinds.time(Duration.ofSeconds(1), Duration.ofHours(1)),
            "A last level for some time, on " + SUSTAINED_CONNECTIONS + " connections");
    private static final Option<Boolean> ONLY_SUSTAINED =
            Option.flag("only-sustained", "Leaves the four levels of the post out");
    private static final Option<Duration> PATIENCE = Option.of(
            "patience",
            "30s",
            Kinds.time(Duration.ofSeconds(1), Duration.ofHours(1)),
            "How long after a load to wait for its events");
    private static final Option<Boolean> QUICK_FORM =
            Option.flag("quick", "A single small level, to see that it works");

    @Override
    public String name() {
        return "evolution";
    }

    @Override
    public String description() {
        return "Puts the four architectures that Millrace replaces, and Millrace, under the same loads, and says what is"
                + " stored.";
    }

    @Override
    public List<OptionGroup> options() {
        return List.of(new OptionGroup("Run", List.of(VERSIONS, SUSTAINED, ONLY_SUSTAINED, PATIENCE, QUICK_FORM)));
    }

    @Override
    public int run(final OptionValues values, final PrintWriter out, final PrintWriter err) throws Exception {
        final boolean quick = values.value(QUICK_FORM);
        final List<Outcome> outcomes = new ArrayList<>();
        final List<Level> levels = quick ? List.of(QUICK) : levels(values);
        for (final Version version : values.value(VERSIONS)) {
            try (TemporaryFolder folder = TemporaryFolder.create("millrace-evolution")) {
                final List<Outcome> each = new EvolutionRun(
                                version, ServiceProcess.jar(), folder.path(), values.value(PATIENCE), err)
                        .run(levels);
                outcomes.addAll(quick ? each : each.subList(1, each.size()));
            }
        }
        EvolutionTable.print(outcomes, out);
        final boolean right = outcomes.stream()
                .filter(each -> each.version() == Version.V5)
                .allMatch(each -> each.complete() && each.failures() == 0);
        return right ? 0 : 1;
    }

    /** The first one warms the service up, and is not in the result. */
    private static List<Level> levels(final OptionValues values) {
        final List<Level> levels = new ArrayList<>(List.of(WARMUP));
        if (!values.value(ONLY_SUSTAINED)) {
            levels.addAll(Level.OF_THE_POST);
        }
        values.optional(SUSTAINED).ifPresent(duration -> levels.add(Level.sustained(duration, SUSTAINED_CONNECTIONS)));
        return levels;
    }
}
