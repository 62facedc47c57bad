package io.millrace.bench.faults;

import io.millrace.bench.faults.stage.Launch;
import io.millrace.bench.faults.stage.PostgresServer;
import io.millrace.bench.process.TemporaryFolder;
import io.millrace.bench.tool.Kinds;
import io.millrace.bench.tool.Option;
import io.millrace.bench.tool.OptionException;
import io.millrace.bench.tool.OptionGroup;
import io.millrace.bench.tool.OptionValues;
import io.millrace.bench.tool.Tool;
import io.millrace.storage.embedded.folder.DurableFiles;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * {@code millrace bench faults}: runs the fault matrix, or rows of it.
 *
 * <p>Exit status 0 if no row is red, else 1; 2 for a wrong option.
 */
public final class FaultsTool implements Tool {
    private static final Option<List<String>> ROW = Option.optional(
            "row",
            "all",
            Kinds.text(
                    "ROW[,ROW...]",
                    Pattern.compile("[A-Z]{1,4}[0-9]{0,2}(/[a-z-]+)?(,[A-Z]{1,4}[0-9]{0,2}(/[a-z-]+)?)*"),
                    "names of rows such as F04 or F04/stream, separated by commas",
                    text -> List.of(text.split(",", -1))),
            "The rows to run; F04 means all that begin so");
    private static final Option<Long> ROUNDS =
            Option.optional("rounds", "what the row has", Kinds.count(1, 100_000), "Rounds of each row");
    private static final Option<Long> SEED = Option.optional(
            "seed",
            "another each time",
            Kinds.count(0, Integer.MAX_VALUE),
            "Of all that is random; printed by each run");
    private static final Option<Boolean> SHORT =
            Option.flag("short", "Few rounds, and only rows that are quick: the form that runs with the tests");

    private static final Option<Long> JOBS =
            Option.of("jobs", "2", Kinds.count(1, 16), "Rows that run side by side, each on stores of its own");
    private static final Option<String> PLANTED = Option.optional(
            "planted",
            "none: the server as it is",
            Kinds.text("BUG", Pattern.compile("[a-z-]+"), "all, or how the name of a bug begins", text -> text),
            "Plants bugs into the server, and looks whether the matrix notices them");

    @Override
    public String name() {
        return "faults";
    }

    @Override
    public String description() {
        return "Kills, stalls and cuts a server and its stores under load, and counts what was lost and what was doubled.";
    }

    @Override
    public List<OptionGroup> options() {
        return List.of(new OptionGroup("Faults", List.of(ROW, ROUNDS, SEED, SHORT, JOBS, PLANTED)));
    }

    @Override
    public int run(final OptionValues values, final PrintWriter out, final PrintWriter err) throws Exception {
        final Launch launch =
                Launch.plain(Path.of(System.getProperty("millrace.home", "")).toAbsolutePath());
        if (!Files.exists(launch.jar())) {
            throw new OptionException(launch.jar() + " is missing: start this by './millrace bench faults'");
        }
        final List<Row> rows = choose(values);
        final long seed = values.optional(SEED).orElseGet(() -> System.nanoTime() & Integer.MAX_VALUE);
        final boolean isShort = values.value(SHORT);
        final Optional<Long> rounds = values.optional(ROUNDS);
        final Optional<String> planted = values.optional(PLANTED);
        if (planted.isPresent()) {
            out.printf("seed %d%n", seed);
            return plant(planted.get().equals("all") ? "" : planted.get(), launch, seed, out, err) ? 0 : 1;
        }
        out.printf("seed %d%s%n", seed, isShort ? ", short form: few rounds, quick rows only" : "");
        final ToIntFunction<Row> roundsOf =
                row -> rounds.map(Long::intValue).orElse(isShort ? row.shortRounds() : row.rounds());
        final List<Row> chosen =
                rows.stream().filter(row -> roundsOf.applyAsInt(row) > 0).toList();
        return run(groups(chosen, isShort), roundsOf, Math.toIntExact(values.value(JOBS)), launch, seed, out, err)
                ? 0
                : 1;
    }

    private static List<Row> choose(final OptionValues values) {
        final List<String> names = values.optional(ROW).orElse(List.of(""));
        final List<Row> rows = Matrix.rows().stream()
                .filter(row -> names.stream()
                        .anyMatch(name -> row.id().equals(name) || row.id().startsWith(name + '/') || name.isEmpty()))
                .toList();
        if (rows.isEmpty()) {
            throw new OptionException(values.show(ROW) + ": there is no such row; there are "
                    + String.join(", ", Matrix.rows().stream().map(Row::id).toList()));
        }
        return rows;
    }

    /** Rows that share a stage: none in a full run, those of one shape, levels aside, in a short one. */
    private static Collection<List<Row>> groups(final List<Row> rows, final boolean isShort) {
        final Function<Row, Object> key = isShort ? row -> row.shape().withoutAck() : Row::id;
        return rows.stream()
                .collect(Collectors.groupingBy(key, LinkedHashMap::new, Collectors.toList()))
                .values();
    }

    private static boolean plant(
            final String bug, final Launch launch, final long seed, final PrintWriter out, final PrintWriter err)
            throws Exception {
        try (TemporaryFolder folder = TemporaryFolder.create("millrace-faults");
                PostgresServer postgres = PostgresServer.start(folder.path().resolve("stores"))) {
            return new PlantedRun(folder.path(), postgres, launch, seed, out, err).run(bug);
        }
    }

    /** Runs rows; tells whether none was red. */
    private static boolean run(
            final Collection<List<Row>> groups,
            final ToIntFunction<Row> rounds,
            final int jobs,
            final Launch launch,
            final long seed,
            final PrintWriter out,
            final PrintWriter err)
            throws Exception {
        final Path folder = Files.createTempDirectory("millrace-faults");
        final Report report = new Report(out);
        report.head();
        new Lanes(folder, launch, seed, err, report).run(groups, rounds, jobs);
        if (report.isGreen()) {
            DurableFiles.delete(folder);
        } else {
            out.println("what the red rows left is in " + folder);
        }
        return report.isGreen();
    }
}
