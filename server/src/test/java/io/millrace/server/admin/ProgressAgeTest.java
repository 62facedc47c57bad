package io.millrace.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.pipeline.Progress;
import org.junit.jupiter.api.Test;

class ProgressAgeTest {
    private static final long TICK = 250;

    private final Progress progress = new Progress();
    private final ManualNanoClock clock = new ManualNanoClock();
    private final ProgressAge age = new ProgressAge(progress, clock);

    @Test
    void shouldHaveNoAgeWhenNothingWaits() {
        assertThat(age.unshippedNanos()).isZero();
        tick();
        assertThat(age.unstoredNanos()).isZero();

        progress.accepted(10);
        tick();
        progress.streamed(10);
        progress.stored(10);
        assertThat(age.unshippedNanos()).isZero();
        assertThat(age.unstoredNanos()).isZero();
    }

    @Test
    void shouldTellTheAgeOfTheOldestOfEachKind() {
        progress.accepted(10);
        tick();
        progress.accepted(20);
        tick();
        progress.accepted(30);
        tick();
        assertThat(age.unshippedNanos()).isEqualTo(3 * TICK);

        progress.streamed(20);
        progress.stored(9);
        assertThat(age.unshippedNanos()).isEqualTo(TICK);
        assertThat(age.unstoredNanos()).isEqualTo(3 * TICK);

        progress.stored(10);
        assertThat(age.unstoredNanos()).isEqualTo(2 * TICK);
    }

    @Test
    void shouldTakeWhatIsStoredForShipped() {
        progress.accepted(10);
        tick();
        progress.stored(10);
        assertThat(age.unshippedNanos()).isZero();
    }

    @Test
    void shouldForgetWhatHasPassed() {
        for (int i = 1; i <= 10_000; i++) {
            progress.accepted(i);
            tick();
            progress.streamed(i);
            progress.stored(i - 5);
        }
        assertThat(age.size()).isLessThan(10);
    }

    @Test
    void shouldKeepTheOldestAndNeverOverstateWhenSamplesNoLongerFit() {
        final int samples = 20 * ProgressAge.MAX_SAMPLES;
        for (int i = 1; i <= samples; i++) {
            progress.accepted(i);
            tick();
        }
        assertThat(age.size()).isLessThanOrEqualTo(ProgressAge.MAX_SAMPLES);
        assertThat(age.unstoredNanos()).isEqualTo(samples * TICK);
        for (int stored = 1; stored < samples; stored += 97) {
            progress.stored(stored);
            final long trueAge = (samples - stored) * TICK;
            assertThat(age.unstoredNanos()).isBetween(trueAge - samples * TICK / 64, trueAge);
        }
    }

    /** Samples, and lets the time to the next sample pass. */
    private void tick() {
        age.sample();
        clock.advance(TICK);
    }
}
