package io.millrace.bench.age;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.bench.load.LoadCounter;
import io.millrace.bench.process.ServiceProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A short load against a real server. */
@Timeout(600)
class AgeRunIT {
    @TempDir
    private Path folder;

    @Test
    void shouldKnowTheAgeOfEachEventAsTheServerDoes() throws Exception {
        final AgePlan plan = new AgePlan(1_000, 10, Duration.ZERO, Duration.ofMillis(500), Duration.ofSeconds(60));
        try (ServiceProcess server = ServiceProcess.startMillrace(ServiceProcess.jar(), folder, List.of())) {
            final AgeRun.Result result = new AgeRun(server, plan).run();

            final long accepted = result.load().total(LoadCounter.EVENTS_ACCEPTED);
            assertThat(result.load().clean()).isTrue();
            assertThat(result.stored()).isEqualTo(accepted).isPositive();
            assertThat(result.agesNanos().getTotalCount()).isEqualTo(accepted);
            assertThat(result.agesNanos().getMinNonZeroValue()).isPositive();
        }
    }
}
