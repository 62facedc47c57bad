package io.millrace.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.pipeline.Progress;
import io.millrace.server.admin.Readiness.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReadinessTest {
    private final Progress progress = new Progress();
    private final ManualNanoClock clock = new ManualNanoClock();
    private final ProgressAge age = new ProgressAge(progress, clock);
    private Lifecycle lifecycle = Lifecycle.READY;
    private final Readiness readiness =
            new Readiness(() -> lifecycle, List.of(), null, Map.of("s", age), Duration.ofSeconds(30));

    @Test
    void shouldFollowTheLifecycle() {
        assertThat(codes()).isEmpty();
        lifecycle = Lifecycle.STARTING;
        assertThat(codes()).containsExactly("starting");
        lifecycle = Lifecycle.DRAINING;
        assertThat(codes()).containsExactly("draining");
    }

    @Test
    void shouldNotBeReadyWhileTheOldestEventIsTooOld() {
        progress.accepted(1);
        age.sample();
        clock.advance(Duration.ofSeconds(30).toNanos());
        assertThat(codes()).isEmpty();

        clock.advance(1);
        assertThat(codes()).containsExactly("unshipped_too_old", "unstored_too_old");
        progress.streamed(1);
        assertThat(codes()).containsExactly("unstored_too_old");
        progress.stored(1);
        assertThat(codes()).isEmpty();
    }

    private List<String> codes() {
        return readiness.reasons().stream().map(Reason::code).toList();
    }
}
