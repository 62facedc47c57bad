package io.millrace.bench.cost;

import io.millrace.bench.process.ServiceProcess;
import io.millrace.bench.process.Stage;
import io.millrace.bench.process.TemporaryFolder;
import io.millrace.bench.tool.Kind;
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
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** {@code millrace bench cost}: time of the processors per event and stage, and the ratio to what another build took. */
public final class CostTool implements Tool {
    private static final Kind<Path> FILE = Kinds.path("FILE");

    private static final Option<Path> BASELINE =
            Option.optional("baseline", "none", FILE, "Costs of another build, written by --out, to compare with");
    private static final Option<Path> OUT =
            Option.optional("out", "none", FILE, "Writes the costs for a later --baseline");
    private static final Option<Duration> DURATION = Option.of(
            "duration",
            "8s",
            Kinds.time(Duration.ofMillis(100), Duration.ofMinutes(10)),
            "How long each load is measured");
    private static final Option<Duration> WARMUP = Option.of(
            "warmup",
            "8s",
            Kinds.time(Duration.ofMillis(100), Duration.ofMinutes(10)),
            "The same load before, which is not measured");

    @Override
    public String name() {
        return "cost";
    }

    @Override
    public String description() {
        return "Measures what an event costs the processors in each stage, and compares it with another build.";
    }

    @Override
    public List<OptionGroup> options() {
        return List.of(new OptionGroup("Run", List.of(DURATION, WARMUP, OUT, BASELINE)));
    }

    @Override
    public int run(final OptionValues values, final PrintWriter out, final PrintWriter err) throws Exception {
        final Map<CostLoad, Map<Stage, Double>> baseline = baseline(values);
        final Map<CostLoad, Map<Stage, Double>> costs = new EnumMap<>(CostLoad.class);
        try (TemporaryFolder folder = TemporaryFolder.create("millrace-cost");
                ServiceProcess server = ServiceProcess.startMillrace(ServiceProcess.jar(), folder.path(), List.of())) {
            final CostRun run = new CostRun(server);
            for (final CostLoad load : CostLoad.values()) {
                err.println(load);
                err.flush();
                costs.put(load, run.run(load, values.value(WARMUP), values.value(DURATION)));
            }
        }
        new CostTable(costs, baseline, out).print();
        final Path file = values.optional(OUT).orElse(null);
        if (file != null) {
            CostFile.write(file, costs);
        }
        return 0;
    }

    private static Map<CostLoad, Map<Stage, Double>> baseline(final OptionValues values) {
        final Path file = values.optional(BASELINE).orElse(null);
        try {
            return file == null ? Map.of() : CostFile.read(file);
        } catch (final IOException | IllegalArgumentException e) {
            throw new OptionException(values.show(BASELINE) + ": " + e + ": give a file that --out has written");
        }
    }
}
