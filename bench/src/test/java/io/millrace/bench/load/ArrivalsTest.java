package io.millrace.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ArrivalsTest {
    private static final long START_NANOS = 1_000_000_007L;
    private static final long SECOND = 1_000_000_000L;

    @Test
    void shouldMakeRequestsDueAtAConstantRate() {
        final Arrivals arrivals = new Arrivals(Pace.open(1000, 1, Duration.ofSeconds(2)), START_NANOS);

        assertThat(arrivals.due(START_NANOS - 1, 100)).isZero();
        assertThat(arrivals.due(START_NANOS, 100)).isEqualTo(1);
        assertThat(arrivals.due(START_NANOS + 999_999, 100)).isEqualTo(1);
        assertThat(arrivals.due(START_NANOS + 1_000_000, 100)).isEqualTo(2);
        assertThat(arrivals.due(START_NANOS + SECOND, 100)).isEqualTo(100);
        // Late or not, each keeps its time.
        for (int n = 0; n < 2000; n++) {
            assertThat(arrivals.take(START_NANOS + 5 * SECOND)).isEqualTo(START_NANOS + n * 1_000_000L);
        }
        assertThat(arrivals.due(START_NANOS + 9 * SECOND, 100)).isZero();
        assertThat(arrivals.exhausted(START_NANOS + 9 * SECOND)).isTrue();
    }

    @Test
    void shouldKeepTheRateOverADay() {
        final Arrivals arrivals = new Arrivals(Pace.open(33_333.3, 1, Duration.ofDays(1)), START_NANOS);
        final long day = 86_400 * SECOND;

        assertThat(arrivals.backlog(START_NANOS + day)).isEqualTo(2_879_997_120L);
        assertThat(arrivals.backlog(START_NANOS + 2 * day)).isEqualTo(2_879_997_120L);
    }

    @Test
    void shouldCountMeasuredRequestsBeyondTheWarmUp() {
        final Pace open =
                new Pace(100, 1, 1, 50, Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ZERO);
        final Arrivals arrivals = new Arrivals(open, START_NANOS);

        assertThat(arrivals.due(START_NANOS + 60 * SECOND, 1000)).isEqualTo(150);
        assertThat(arrivals.measureFromNanos()).isEqualTo(START_NANOS + SECOND);
    }

    @Test
    void shouldGiveAClosedLoopAllItWantsUntilEnoughAreMeasured() {
        final Pace closed =
                new Pace(0, 1, 1, 3, Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ZERO);
        final Arrivals arrivals = new Arrivals(closed, START_NANOS);
        for (int i = 0; i < 10; i++) {
            assertThat(arrivals.due(START_NANOS + i, 1)).isEqualTo(1);
            assertThat(arrivals.take(START_NANOS + i)).isEqualTo(START_NANOS + i);
        }
        final long laterNanos = START_NANOS + SECOND;

        assertThat(arrivals.due(laterNanos, 16)).isEqualTo(3);
        for (int i = 0; i < 3; i++) {
            arrivals.take(laterNanos);
        }
        assertThat(arrivals.exhausted(laterNanos)).isTrue();
    }

    @Test
    void shouldEndAClosedLoopWhenItsTimeIsOver() {
        final Pace closed = new Pace(
                0, 1, 1, 0, Duration.ofSeconds(2), Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ZERO);
        final Arrivals arrivals = new Arrivals(closed, START_NANOS);

        assertThat(arrivals.exhausted(START_NANOS + 3 * SECOND - 1)).isFalse();
        assertThat(arrivals.exhausted(START_NANOS + 3 * SECOND)).isTrue();
    }

    @Test
    void shouldForgetWhatWasDueWhenItIsStopped() {
        final Arrivals arrivals = new Arrivals(Pace.open(1000, 1, Duration.ofSeconds(2)), START_NANOS);
        arrivals.stop();

        assertThat(arrivals.due(START_NANOS + SECOND, 100)).isZero();
        assertThat(arrivals.backlog(START_NANOS + SECOND)).isZero();
    }
}
