package io.millrace.bench.age;

import io.millrace.bench.load.LoadCounter;
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
import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * {@code millrace bench age}: starts a server with its embedded stores on an empty folder, sends it events at a constant rate and
 * measures how old each is when PostgreSQL shows it as committed; prints the server's own metric of that beside it.
 *
 * <p>Exit status 0 if every event was accepted and stored, else 1; 2 for a wrong option.
 */
public final class AgeTool implements Tool {
    private static final String METRIC = "millrace_stored_event_age_seconds";

    private static final Option<Double> RATE =
            Option.of("rate", "200000", Kinds.decimal(1, 100_000_000), "Events a second");
    private static final Option<Long> BATCH =
            Option.of("batch", "200", Kinds.count(1, 10_000), "Events in each request, as NDJSON");
    private static final Option<Duration> WARMUP = Option.of(
            "warmup", "5s", Kinds.time(Duration.ZERO, Duration.ofMinutes(10)), "Whose events are not in the result");
    private static final Option<Duration> DURATION = Option.of(
            "duration", "20s", Kinds.time(Duration.ofMillis(100), Duration.ofHours(1)), "Of the load that is measured");
    private static final Option<Duration> PATIENCE = Option.of(
            "patience",
            "30s",
            Kinds.time(Duration.ofSeconds(1), Duration.ofHours(1)),
            "For the last row after the load");

    @Override
    public String name() {
        return "age";
    }

    @Override
    public String description() {
        return "Measures how old events are when PostgreSQL has committed them.";
    }

    @Override
    public List<OptionGroup> options() {
        return List.of(
                new OptionGroup("Load", List.of(RATE, BATCH, WARMUP, DURATION, PATIENCE)),
                new OptionGroup("Server", List.of(ServerOptions.SERVER)));
    }

    @Override
    public int run(final OptionValues values, final PrintWriter out, final PrintWriter err) throws Exception {
        final AgePlan plan = new AgePlan(
                values.value(RATE),
                values.value(BATCH).intValue(),
                values.value(WARMUP),
                values.value(DURATION),
                values.value(PATIENCE));
        try (TemporaryFolder folder = TemporaryFolder.create("millrace-age");
                ServiceProcess server = ServiceProcess.startMillrace(
                        ServiceProcess.jar(), folder.path(), values.value(ServerOptions.SERVER))) {
            final AgeRun.Result result = new AgeRun(server, plan).run();
            print(result, out);
            out.println();
            out.println("The server's own metric, warm-up included:");
            server.get("/metrics")
                    .lines()
                    .filter(line -> line.startsWith(METRIC))
                    .forEach(out::println);
            out.flush();
            return result.isComplete() ? 0 : 1;
        }
    }

    private static void print(final AgeRun.Result result, final PrintWriter out) {
        final Histogram ages = result.agesNanos();
        out.printf(
                Locale.ROOT,
                "%,.0f events/s accepted for %.1f s; %,d accepted in all, %,d stored; %,d refused, %,d requests without an answer%n",
                result.load().eventsPerSecond(),
                result.load().seconds(),
                result.load().total(LoadCounter.EVENTS_ACCEPTED),
                result.stored(),
                result.load().measured(LoadCounter.EVENTS_REFUSED),
                result.load().failures());
        out.printf(
                Locale.ROOT,
                "age when committed: p50 %.0f ms, p90 %.0f ms, p99 %.0f ms, p99.9 %.0f ms, max %.0f ms%n",
                ages.getValueAtPercentile(50) / 1e6,
                ages.getValueAtPercentile(90) / 1e6,
                ages.getValueAtPercentile(99) / 1e6,
                ages.getValueAtPercentile(99.9) / 1e6,
                ages.getMaxValue() / 1e6);
    }
}
