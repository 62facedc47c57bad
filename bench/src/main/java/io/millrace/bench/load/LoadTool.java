package io.millrace.bench.load;

import io.millrace.bench.tool.Option;
import io.millrace.bench.tool.OptionException;
import io.millrace.bench.tool.OptionGroup;
import io.millrace.bench.tool.OptionValues;
import io.millrace.bench.tool.Tool;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * {@code millrace load}: puts a server under load and prints what came of it.
 *
 * <p>Exit status 0 if every request was answered and every event accepted, else 1; 2 for a wrong option or no server.
 */
public final class LoadTool implements Tool {
    private static final int CONNECT_MILLIS = 5000;
    private static final int TICKS_PER_HALF_DISTANCE = 5;
    private static final double NANOS_PER_MILLI = 1e6;

    @Override
    public String name() {
        return "load";
    }

    @Override
    public String command() {
        return "millrace load";
    }

    @Override
    public String description() {
        return "Puts a server under load: at a constant rate, with latencies from when each request was due (open loop), or as"
                + " fast as it answers (closed loop).";
    }

    @Override
    public List<OptionGroup> options() {
        return LoadOptions.GROUPS;
    }

    @Override
    public int run(final OptionValues values, final PrintWriter out, final PrintWriter err) throws Exception {
        final LoadPlan plan = LoadOptions.plan(values);
        for (final Option<Path> option : List.of(LoadOptions.HGRM, LoadOptions.PLOT, LoadOptions.JSON)) {
            checkWritable(values, option);
        }
        checkServer(values, plan);
        final LoadResult result;
        try (Load load = Load.start(plan, LoadListener.NONE)) {
            new ProgressPrinter(load, err).run();
            result = load.await();
        }
        new ResultTable(result, out).print();
        write(values, result);
        return result.clean() ? 0 : 1;
    }

    /** Before the load, not after it. */
    private static void checkWritable(final OptionValues values, final Option<Path> option) {
        final Path folder = values.optional(option)
                .map(file -> file.toAbsolutePath().getParent())
                .orElse(null);
        if (folder != null && !Files.isWritable(folder)) {
            throw new OptionException(values.show(option) + ": " + folder
                    + " is no folder that this user may write in: make it, or give another path");
        }
    }

    private static void checkServer(final OptionValues values, final LoadPlan plan) {
        try (Socket socket = new Socket()) {
            if (plan.target().address().isUnresolved()) {
                throw new IOException("the host is not known");
            }
            socket.connect(plan.target().address(), CONNECT_MILLIS);
        } catch (final IOException e) {
            throw new OptionException(values.show(LoadOptions.URL) + ": no server there (" + e.getMessage()
                    + "): start it, by './millrace run' for instance, or give its address");
        }
    }

    private static void write(final OptionValues values, final LoadResult result) throws IOException {
        final Path distribution = values.optional(LoadOptions.HGRM).orElse(null);
        if (distribution != null) {
            try (PrintStream stream = new PrintStream(distribution.toFile(), StandardCharsets.US_ASCII)) {
                result.latencyNanos().outputPercentileDistribution(stream, TICKS_PER_HALF_DISTANCE, NANOS_PER_MILLI);
            }
        }
        final Path plot = values.optional(LoadOptions.PLOT).orElse(null);
        if (plot != null) {
            final String curve = result.plan().target().authority();
            PercentilePlot.write(title(result.plan()), Map.of(curve, result.latencyNanos()), plot);
        }
        final Path json = values.optional(LoadOptions.JSON).orElse(null);
        if (json != null) {
            ResultJson.write(result, json);
        }
    }

    private static String title(final LoadPlan plan) {
        final Pace pace = plan.pace();
        return String.format(
                Locale.ROOT,
                "Latency: %s, %s, %d connections, pipeline %d",
                plan.requests().form().name().toLowerCase(Locale.ROOT),
                pace.isOpen() ? String.format(Locale.ROOT, "%,.0f requests/s", pace.ratePerSecond()) : "closed loop",
                pace.connections(),
                pace.pipeline());
    }
}
