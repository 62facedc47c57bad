package io.millrace.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class DoorbellTest {
    /** Each item is made only after the one before was taken; a ring that is missed would cost a nap of a minute. */
    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void shouldNeverMissARing() throws InterruptedException {
        final int items = 20_000;
        final Doorbell doorbell = new Doorbell(0, TimeUnit.MINUTES.toNanos(1));
        final AtomicInteger made = new AtomicInteger();
        final AtomicInteger taken = new AtomicInteger();
        final Thread agent = new Thread(() -> {
            while (taken.get() < items) {
                final int work = made.get() - taken.get();
                taken.addAndGet(work);
                doorbell.idle(work);
            }
        });
        agent.start();
        for (int i = 1; i <= items; i++) {
            made.set(i);
            doorbell.ring();
            while (taken.get() < i) {
                Thread.onSpinWait();
            }
        }
        agent.join();
        assertThat(taken).hasValue(items);
    }

    /** The agent rests for minutes; only a wake-up ends that in time. */
    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void shouldEndARestWhenWoken() throws InterruptedException {
        final Doorbell doorbell = new Doorbell(TimeUnit.MINUTES.toNanos(5), TimeUnit.MINUTES.toNanos(5));
        final Thread agent = new Thread(() -> {
            doorbell.idle(1);
            doorbell.idle(0);
        });
        agent.start();
        doorbell.ring();
        doorbell.wake();
        agent.join();
        assertThat(agent.isAlive()).isFalse();
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void shouldRestOnlyAfterWork() {
        final Doorbell doorbell = new Doorbell(TimeUnit.MINUTES.toNanos(5), 1);
        for (int i = 0; i < 1000; i++) {
            doorbell.idle(0);
        }
        doorbell.wake();
        doorbell.idle(1);
        doorbell.idle(0);
    }

    /** Nobody rings: rest and nap of minutes end because the agent has work before. */
    @Test
    @Timeout(value = 50, unit = TimeUnit.SECONDS)
    void shouldNeitherRestNorSleepWhenThereIsWorkByTheClock() {
        final Doorbell doorbell = new Doorbell(TimeUnit.MINUTES.toNanos(5), () -> 0);
        doorbell.idle(1);
        for (int i = 0; i < 1000; i++) {
            doorbell.idle(0);
        }
    }
}
