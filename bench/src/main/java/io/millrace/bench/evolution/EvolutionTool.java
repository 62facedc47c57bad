package io.millrace.bench.evolution;

import io.millrace.bench.process.ServiceProcess;
import io.millrace.bench.process.TemporaryFolder;
import io.millrace.bench.tool.Kinds;
import io.millrace.bench.tool.Option;
import io.millrace.bench.tool.OptionException;
import io.millrace.bench.tool.OptionGroup;
import io.millrace.bench.tool.OptionValues;
import io.millrace.bench.tool.Tool;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
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
    private static final Option<Path> RESULTS = Option.optional(
            "results",
            "none",
            Kinds.path("FILE"),
            "Keeps the results in this file; what stands there already is printed and not run again");
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
        return List.of(
                new OptionGroup("Run", List.of(VERSIONS, SUSTAINED, ONLY_SUSTAINED, PATIENCE, RESULTS, QUICK_FORM)));
    }

    @Override
    public int run(final OptionValues values, final PrintWriter out, final PrintWriter err) throws Exception {
        final Path file = values.optional(RESULTS).orElse(null);
        final List<Outcome> outcomes = new ArrayList<>(results(values, file));
        for (final Version version : values.value(VERSIONS)) {
            final List<Level> levels = new ArrayList<>(levels(values));
            outcomes.stream().filter(each -> each.version() == version).forEach(each -> levels.remove(each.level()));
            if (!levels.isEmpty()) {
                final List<Outcome> each = run(version, levels, values, err);
                outcomes.addAll(each);
                if (file != null) {
                    OutcomeFile.append(file, each);
                }
            }
        }
        outcomes.sort(Comparator.comparing(Outcome::version));
        EvolutionTable.print(outcomes, out);
        final boolean right = outcomes.stream()
                .filter(each -> each.version() == Version.V5)
                .allMatch(each -> each.complete() && each.failures() == 0);
        return right ? 0 : 1;
    }

    private static List<Outcome> results(final OptionValues values, final Path file) {
        try {
            return file == null ? List.of() : OutcomeFile.read(file);
        } catch (final IOException | IllegalArgumentException e) {
            throw new OptionException(
                    values.show(RESULTS) + ": " + e.getMessage() + ": give a file that this has written, or a new one");
        }
    }

    private static List<Outcome> run(
            final Version version, final List<Level> levels, final OptionValues values, final PrintWriter err)
            throws Exception {
        final boolean quick = values.value(QUICK_FORM);
        final List<Level> all = new ArrayList<>(levels);
        if (!quick) {
            // It warms the service up, and is not in the result.
            all.add(0, WARMUP);
        }
        try (TemporaryFolder folder = TemporaryFolder.create("millrace-evolution")) {
            final List<Outcome> outcomes = new EvolutionRun(
                            version, ServiceProcess.jar(), folder.path(), values.value(PATIENCE), err)
                    .run(all);
            return quick ? outcomes : outcomes.subList(1, outcomes.size());
        }
    }

    private static List<Level> levels(final OptionValues values) {
        if (values.value(QUICK_FORM)) {
            return List.of(QUICK);
        }
        final List<Level> levels = new ArrayList<>();
        if (!values.value(ONLY_SUSTAINED)) {
            levels.addAll(Level.OF_THE_POST);
        }
        values.optional(SUSTAINED).ifPresent(duration -> levels.add(Level.sustained(duration, SUSTAINED_CONNECTIONS)));
        return levels;
    }
}
