package io.millrace.bench.growth;

import io.millrace.bench.process.ServiceProcess;
import io.millrace.bench.tool.Kinds;
import io.millrace.bench.tool.Option;
import io.millrace.bench.tool.OptionGroup;
import io.millrace.bench.tool.OptionValues;
import io.millrace.bench.tool.Tool;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * {@code millrace bench growth}: how events a second and the cost of an event grow with one thing after another.
 *
 * <p>Exit status 0 if at every point exactly what was accepted is stored, else 1; 2 for a wrong option.
 */
public final class GrowthTool implements Tool {
    private static final String ALL =
            Arrays.stream(Curve.values()).map(Curve::word).collect(Collectors.joining(","));
    private static final String NAME = "(" + ALL.replace(',', '|') + ")";

    private static final Option<List<Curve>> CURVES = Option.of(
            "curves",
            ALL,
            Kinds.text(
                    "NAMES",
                    Pattern.compile(NAME + "(," + NAME + ")*"),
                    "some of " + ALL.replace(",", ", ") + ", separated by commas",
                    text -> Arrays.stream(text.split(",")).map(Curve::of).toList()),
            "What grows");
    private static final Option<Duration> DURATION = Option.of(
            "duration",
            "2s",
            Kinds.time(Duration.ofMillis(100), Duration.ofMinutes(10)),
            "How long each point is measured");
    private static final Option<Duration> WARMUP = Option.of(
            "warmup",
            "1s",
            Kinds.time(Duration.ofMillis(100), Duration.ofMinutes(10)),
            "The load of a point before, which is not measured");
    private static final Option<Duration> FIRST_WARMUP = Option.of(
            "first-warmup",
            "6s",
            Kinds.time(Duration.ofMillis(100), Duration.ofMinutes(10)),
            "The load of the first point on a server that has just been started, which is not measured");
    private static final Option<Path> OUT = Option.of(
            "out",
            "growth",
            Kinds.path("FOLDER"),
            "Where plots and data of each curve go: NAME-rate.svg, NAME-cost.svg and NAME.csv");

    @Override
    public String name() {
        return "growth";
    }

    @Override
    public String description() {
        return "Draws events a second and the cost of an event, stage by stage, against what grows: batches, connections,"
                + " users, elements, event loops, levels, journal, window, flush.";
    }

    @Override
    public List<OptionGroup> options() {
        return List.of(new OptionGroup("Run", List.of(CURVES, DURATION, WARMUP, FIRST_WARMUP, OUT)));
    }

    @Override
    public int run(final OptionValues values, final PrintWriter out, final PrintWriter err) throws Exception {
        final Path folder = Files.createDirectories(values.value(OUT));
        final GrowthRun run = new GrowthRun(
                ServiceProcess.jar(),
                new GrowthRun.Times(values.value(FIRST_WARMUP), values.value(WARMUP), values.value(DURATION)),
                err);
        boolean balanced = true;
        for (final Curve curve : values.value(CURVES)) {
            err.println(curve.word());
            err.flush();
            final List<Measured> points = run.run(curve.points());
            GrowthFile.write(folder.resolve(curve.word() + ".csv"), curve, points);
            final GrowthPlot plot = new GrowthPlot(curve, points);
            plot.writeRate(folder.resolve(curve.word() + "-rate.svg"));
            plot.writeCost(folder.resolve(curve.word() + "-cost.svg"));
            GrowthTable.print(curve, points, out);
            balanced &= points.stream().allMatch(Measured::balanced);
        }
        return balanced ? 0 : 1;
    }
}
