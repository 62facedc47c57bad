package io.millrace.bench.ack;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.bench.load.AckLevel;
import io.millrace.bench.process.ServiceProcess;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A short round of all levels against a real server. */
@Timeout(600)
class AckRunIT {
    private static final AckPlan PLAN = new AckPlan(1, 100, 4, 4, Duration.ZERO, Duration.ofMillis(300));

    @TempDir
    private Path folder;

    @Test
    void shouldMeasureEachLevelAndPrintATable() throws Exception {
        final StringWriter progress = new StringWriter();
        final StringWriter table = new StringWriter();
        try (ServiceProcess server =
                ServiceProcess.startMillrace(ServiceProcess.jar(), folder, List.of("--ack-timeout=60s"))) {
            final AckRun run = new AckRun(server.ingest(), PLAN, new PrintWriter(progress));
            final Map<AckLevel, LevelCost> costs = run.run();
            AckTable.print(PLAN, costs, new PrintWriter(table));

            assertThat(run.clean()).as(progress.toString()).isTrue();
            assertThat(costs.keySet()).containsExactly(AckLevel.values());
            assertThat(costs.values()).allSatisfy(cost -> {
                assertThat(cost.p50Nanos()).isPositive();
                assertThat(cost.p99Nanos()).isGreaterThanOrEqualTo(cost.p50Nanos());
                assertThat(cost.requestsPerSecond()).isPositive();
            });
            // It did wait for what it says: the server has counted replies of each level.
            for (final String level : List.of("disk", "stream", "stored")) {
                assertThat(server.get("/metrics")).containsPattern("\nmillrace_ingest_acks_" + level + "_total [1-9]");
            }
        }
        assertThat(table.toString()).contains("| `journal` |", "| `disk` |", "| `stream` |", "| `stored` |");
    }

    @Test
    void shouldSayWhenAnswersStayBelowTheirLevel() throws Exception {
        final StringWriter progress = new StringWriter();
        try (ServiceProcess server = ServiceProcess.startMillrace(
                ServiceProcess.jar(), folder, List.of("--flush=1m", "--ack-timeout=100ms"))) {
            final AckRun run = new AckRun(server.ingest(), PLAN, new PrintWriter(progress));
            run.run();
            assertThat(run.clean()).isFalse();
        }
        assertThat(progress.toString())
                .containsPattern("stored: 0 events refused, 0 requests without an answer, [1-9]");
    }
}
