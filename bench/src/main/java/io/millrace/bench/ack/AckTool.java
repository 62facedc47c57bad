package io.millrace.bench.ack;

import io.millrace.bench.process.ServerOptions;
import io.millrace.bench.process.ServiceProcess;
import io.millrace.bench.process.TemporaryFolder;
import io.millrace.bench.tool.Kinds;
import io.millrace.bench.tool.Option;
import io.millrace.bench.tool.OptionGroup;
import io.millrace.bench.tool.OptionValues;
import io.millrace.bench.tool.Tool;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;

/**
 * {@code millrace bench ack}: starts a server with its embedded stores on an empty folder and measures latency and throughput of
 * each acknowledgement level.
 *
 * <p>Exit status 0 if every request was answered at its level, else 1; 2 for a wrong option.
 */
public final class AckTool implements Tool {
    private static final Option<Long> ROUNDS =
            Option.of("rounds", "3", Kinds.count(1, 1000), "How often each level has its turn; medians are printed");
    private static final Option<Double> RATE = Option.of(
            "rate", "1000", Kinds.decimal(1, 1_000_000), "Requests a second of the load whose latency is taken");
    private static final Option<Long> CONNECTIONS =
            Option.of("connections", "64", Kinds.count(1, 10_000), "Connections of each load");
    private static final Option<Long> PIPELINE =
            Option.of("pipeline", "16", Kinds.count(1, 256), "Requests that may be on their way on each connection");
    private static final Option<Duration> WARMUP = Option.of(
            "warmup", "500ms", Kinds.time(Duration.ZERO, Duration.ofMinutes(10)), "Of each load, not measured");
    private static final Option<Duration> DURATION = Option.of(
            "duration",
            "2s",
            Kinds.time(Duration.ofMillis(100), Duration.ofHours(1)),
            "Of each load; there are two of each level in a round");

    @Override
    public String name() {
        return "ack";
    }

    @Override
    public String description() {
        return "Measures what each level of acknowledgement costs: latency at a constant rate, and throughput.";
    }

    @Override
    public List<OptionGroup> options() {
        return List.of(
                new OptionGroup("Loads", List.of(ROUNDS, RATE, CONNECTIONS, PIPELINE, WARMUP, DURATION)),
                new OptionGroup("Server", List.of(ServerOptions.SERVER)));
    }

    @Override
    public int run(final OptionValues values, final PrintWriter out, final PrintWriter err) throws Exception {
        final AckPlan plan = new AckPlan(
                values.value(ROUNDS).intValue(),
                values.value(RATE),
                values.value(CONNECTIONS).intValue(),
                values.value(PIPELINE).intValue(),
                values.value(WARMUP),
                values.value(DURATION));
        try (TemporaryFolder folder = TemporaryFolder.create("millrace-ack");
                ServiceProcess server = ServiceProcess.startMillrace(
                        ServiceProcess.jar(), folder.path(), values.value(ServerOptions.SERVER))) {
            final AckRun run = new AckRun(server.ingest(), plan, err);
            AckTable.print(plan, run.run(), out);
            return run.clean() ? 0 : 1;
        }
    }
}
