package io.millrace.bench.evolution;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.bench.process.ServiceProcess;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every version takes a small load and stores all of it, by the counts of its own tables. */
@Timeout(600)
class EvolutionIT {
    private static final Level SMALL = Level.of(300, 10);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(Version.class)
    void shouldStoreWhatItAccepts(final Version version) throws Exception {
        final StringWriter table = new StringWriter();
        final List<Outcome> outcomes = new EvolutionRun(
                        version, ServiceProcess.jar(), folder, Duration.ofSeconds(60), new PrintWriter(table))
                .run(List.of(SMALL));
        EvolutionTable.print(outcomes, new PrintWriter(table));

        final Outcome outcome = outcomes.get(0);
        assertThat(outcome.failures()).as(table.toString()).isZero();
        assertThat(outcome.accepted()).isEqualTo(300);
        assertThat(outcome.stored()).as(table.toString()).isEqualTo(300);
        assertThat(outcome.rows()).isPositive();
        if (version == Version.V1 || version == Version.V2 || version == Version.V3) {
            assertThat(outcome.rows()).isEqualTo(300);
        }
        assertThat(outcome.serviceNanos()).isPositive();
        final Path file = folder.resolve("outcomes.csv");
        OutcomeFile.append(file, outcomes);
        OutcomeFile.append(file, List.of());
        assertThat(OutcomeFile.read(file)).hasSize(1).allSatisfy(read -> {
            assertThat(read.level()).isEqualTo(SMALL);
            assertThat(read)
                    .usingRecursiveComparison()
                    .withComparatorForType((a, b) -> Math.abs(a - b) < 0.06 ? 0 : 1, Double.class)
                    .isEqualTo(outcome);
        });
        assertThat(table.toString()).contains(version + " " + version.label(), "all 300");
    }
}
