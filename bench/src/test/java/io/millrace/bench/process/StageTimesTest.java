package io.millrace.bench.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StageTimesTest {
    @Test
    void shouldSayWhatWasTakenSince() {
        final StageTimes since = times(50_000_000).minus(times(20_000_000));

        assertThat(since.nanos(Stage.OTHER)).isEqualTo(30_000_000);
        assertThat(since.nanos(Stage.REDIS)).isZero();
    }

    /** The rest beside the threads may be less than before: it is rounded, and so is the time of each of them. */
    @Test
    void shouldNotTakeLessThanNothing() {
        assertThat(times(10_000_000).minus(times(20_000_000)).nanos(Stage.OTHER))
                .isZero();
    }

    private static StageTimes times(final long otherNanos) {
        final Map<Stage, Long> nanos = new EnumMap<>(Stage.class);
        for (final Stage stage : Stage.values()) {
            nanos.put(stage, 0L);
        }
        nanos.put(Stage.OTHER, otherNanos);
        return new StageTimes(nanos);
    }
}
