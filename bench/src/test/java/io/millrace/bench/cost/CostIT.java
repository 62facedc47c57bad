package io.millrace.bench.cost;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.bench.process.ServiceProcess;
import io.millrace.bench.process.Stage;
import io.millrace.bench.tool.OptionValues;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

@Timeout(600)
class CostIT {
    @TempDir
    private Path folder;

    @Test
    void shouldChargeEachStageAndCompareWithABaseline() throws Exception {
        final Map<CostLoad, Map<Stage, Double>> costs = new EnumMap<>(CostLoad.class);
        try (ServiceProcess server = ServiceProcess.startMillrace(ServiceProcess.jar(), folder, List.of())) {
            final CostRun run = new CostRun(server);
            for (final CostLoad load : CostLoad.values()) {
                costs.put(load, run.run(load, Duration.ofMillis(200), Duration.ofMillis(500)));
            }
        }
        for (final CostLoad load : CostLoad.values()) {
            assertThat(costs.get(load)).containsOnlyKeys(Stage.values());
            assertThat(costs.get(load).get(Stage.EVENT_LOOP)).as("%s", load).isPositive();
            assertThat(costs.get(load).get(Stage.GENERATOR)).as("%s", load).isPositive();
        }
        final Path file = folder.resolve("costs");
        CostFile.write(file, costs);
        final StringWriter table = new StringWriter();
        new CostTable(costs, CostFile.read(file), new PrintWriter(table)).print();

        assertThat(table.toString()).contains("| event loop |").contains("(1.00 ×");
    }

    @Test
    void shouldDrawAFlameGraphOfEachThread() throws Exception {
        final Path graph = folder.resolve("graph.html");
        final ProfileTool tool = new ProfileTool();
        final CommandSpec spec = CommandSpec.create();
        OptionValues.declare(spec, tool.options());
        final OptionValues values = new OptionValues(
                new CommandLine(spec).parseArgs("--warmup=200ms", "--duration=2s", "--event=cpu", "--out=" + graph));

        assertThat(tool.run(values, new PrintWriter(new StringWriter()), new PrintWriter(new StringWriter())))
                .isZero();
        assertThat(Files.readString(graph, UTF_8)).contains("EventDecoder", "aggregator");
    }
}
