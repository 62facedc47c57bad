package io.millrace.pipeline.ship;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.pipeline.Progress;
import java.util.SplittableRandom;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class StoredAgesTest {
    private final Progress progress = new Progress();

    @Test
    void shouldRecordHowOldEachEventWasWhenItWasStored() {
        final StoredAges ages = new StoredAges(progress, 0);
        progress.accepted(10);
        ages.look(100);
        progress.accepted(15);
        ages.look(110);
        progress.stored(12);
        ages.look(127);

        final Histogram recorded = ages.nanos().getIntervalHistogram();
        assertThat(recorded.getTotalCount()).isEqualTo(12);
        assertThat(recorded.getCountAtValue(127))
                .as("there since the look at 0")
                .isEqualTo(10);
        assertThat(recorded.getCountAtValue(27))
                .as("there since the look at 100")
                .isEqualTo(2);
    }

    @Test
    void shouldRecordAnEventOnceWhenTheStoreGoesBack() {
        final StoredAges ages = new StoredAges(progress, 0);
        progress.accepted(10);
        progress.stored(10);
        ages.look(1);
        progress.stored(3);
        ages.look(2);
        progress.stored(10);
        ages.look(3);

        assertThat(ages.nanos().getIntervalHistogram().getTotalCount()).isEqualTo(10);
    }

    @Test
    void shouldLeaveOutWhatTheJournalHeldBefore() {
        progress.accepted(100);
        progress.stored(40);
        final StoredAges ages = new StoredAges(progress, 0);
        progress.stored(100);
        ages.look(5);
        assertThat(ages.nanos().getIntervalHistogram().getTotalCount()).isZero();

        progress.accepted(101);
        progress.stored(101);
        ages.look(9);
        assertThat(ages.nanos().getIntervalHistogram().getTotalCount()).isOne();
    }

    /** Against a model that knows when each event came, through many more looks than there is room for. */
    @Test
    void shouldNeverRecordLessThanTheTruthNorLoseAnEvent() {
        final SplittableRandom random = new SplittableRandom(1);
        final StoredAges ages = new StoredAges(progress, 0);
        final int events = 20_000;
        final long[] cameNanos = new long[events + 1];
        long now = 0;
        long trueSum = 0;
        int accepted = 0;
        int stored = 0;
        while (stored < events) {
            now += 1 + random.nextInt(5);
            if (accepted < events && random.nextInt(3) > 0) {
                cameNanos[++accepted] = now;
                progress.accepted(accepted);
            }
            final boolean isCommit = random.nextInt(3_000) == 0 || accepted == events;
            if (isCommit) {
                progress.stored(accepted);
            }
            ages.look(++now);
            while (isCommit && stored < accepted) {
                trueSum += now - cameNanos[++stored];
            }
        }

        final Histogram recorded = ages.nanos().getIntervalHistogram();
        assertThat(recorded.getTotalCount()).isEqualTo(events);
        long sum = 0;
        for (final var value : recorded.recordedValues()) {
            sum += value.getCountAtValueIteratedTo() * value.getValueIteratedTo();
        }
        assertThat(sum).isGreaterThanOrEqualTo(trueSum);
    }
}
