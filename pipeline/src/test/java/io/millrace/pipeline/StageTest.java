package io.millrace.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class StageTest {
    private final Progress progress = new Progress();
    private final AtomicInteger wakeUps = new AtomicInteger();

    @Test
    void shouldWakeOnceWhenTheSequenceIsReached() {
        final Stage stage = progress.stage(AckLevel.DISK);
        assertThat(stage.await(10, wakeUps::incrementAndGet)).isTrue();
        progress.forced(9);
        assertThat(wakeUps).hasValue(0);
        progress.forced(12);
        progress.forced(13);
        assertThat(wakeUps).hasValue(1);
    }

    @Test
    void shouldTellThatASequenceWasReachedBefore() {
        progress.streamed(10);
        assertThat(progress.stage(AckLevel.STREAM).await(10, wakeUps::incrementAndGet))
                .isFalse();
        assertThat(progress.stage(AckLevel.STREAM).await(11, wakeUps::incrementAndGet))
                .isTrue();
    }

    @Test
    void shouldWakeNobodyWhoWaitsNoMore() {
        final Stage stage = progress.stage(AckLevel.STORED);
        stage.await(10, wakeUps::incrementAndGet);
        stage.awaitNothing();
        progress.stored(10);
        assertThat(wakeUps).hasValue(0);
    }

    @Test
    void shouldBeWantedUntilItIsReached() {
        progress.want(AckLevel.STREAM, 5);
        progress.want(AckLevel.STREAM, 3);
        assertThat(progress.stage(AckLevel.STREAM).isWanted()).isTrue();
        assertThat(progress.stage(AckLevel.DISK).isWanted()).isFalse();
        progress.streamed(4);
        assertThat(progress.stage(AckLevel.STREAM).isWanted()).isTrue();
        progress.streamed(5);
        assertThat(progress.stage(AckLevel.STREAM).isWanted()).isFalse();
    }

    @Test
    void shouldHurryTheStreamForWhatIsToBeStored() {
        progress.want(AckLevel.STORED, 5);
        assertThat(progress.stage(AckLevel.STREAM).isWanted()).isTrue();
        assertThat(progress.stage(AckLevel.STORED).isWanted()).isTrue();
        assertThat(progress.stage(AckLevel.DISK).isWanted()).isFalse();
    }

    @Test
    void shouldKnowTheHighestLevelOfASequence() {
        progress.accepted(9);
        assertThat(progress.level(9)).isEqualTo(AckLevel.JOURNAL);
        progress.forced(9);
        assertThat(progress.level(9)).isEqualTo(AckLevel.DISK);
        progress.streamed(8);
        assertThat(progress.level(9)).isEqualTo(AckLevel.DISK);
        assertThat(progress.level(8)).isEqualTo(AckLevel.STREAM);
        progress.stored(9);
        assertThat(progress.level(9)).isEqualTo(AckLevel.STORED);
        assertThatThrownBy(() -> progress.stage(AckLevel.JOURNAL)).isInstanceOf(IllegalArgumentException.class);
    }

    /** One thread moves the stage step by step and the other waits for each step; a wake-up that is missed would hang. */
    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void shouldNeverMissAWaiter() throws InterruptedException {
        final int steps = 50_000;
        final Stage stage = progress.stage(AckLevel.DISK);
        final Semaphore woken = new Semaphore(0);
        final AtomicInteger waitsFor = new AtomicInteger();
        final Thread mover = new Thread(() -> {
            for (int i = 1; i <= steps; i++) {
                while (waitsFor.get() < i) {
                    Thread.onSpinWait();
                }
                progress.forced(i);
            }
        });
        mover.start();
        for (int i = 1; i <= steps; i++) {
            // The mover may move before, while, or after this thread begins to wait.
            waitsFor.set(i);
            if (stage.await(i, woken::release)) {
                woken.acquire();
            } else {
                woken.drainPermits();
            }
            // A wake-up for a step that had passed already may come late: then look again.
            while (stage.reached() < i) {
                woken.acquire();
            }
        }
        mover.join();
        assertThat(progress.forced()).isEqualTo(steps);
    }
}
