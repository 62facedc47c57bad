package io.millrace.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DelayedTest {
    @Test
    void shouldGiveTheNewestValueThatIsOldEnough() {
        final Delayed<String> delayed = new Delayed<>(100);
        assertThat(delayed.poll(0)).isNull();
        delayed.add("a", 0);
        delayed.add("b", 50);
        assertThat(delayed.poll(99)).isNull();
        assertThat(delayed.poll(100)).isEqualTo("a");
        assertThat(delayed.poll(149)).isNull();
        delayed.add("c", 149);
        assertThat(delayed.poll(300)).isEqualTo("c");
        assertThat(delayed.poll(1_000)).isNull();
    }

    @Test
    void shouldGiveEachValueAtOnceWithoutDelay() {
        final Delayed<Integer> delayed = new Delayed<>(0);
        for (int i = 0; i < 10; i++) {
            delayed.add(i, 7);
            assertThat(delayed.poll(7)).isEqualTo(i);
        }
        delayed.add(10, 7);
        delayed.add(11, 7);
        assertThat(delayed.poll(7)).isEqualTo(11);
    }

    /** Against a list of everything: never sooner, and later by a thirty-second of the delay at the most. */
    @Test
    void shouldBeExactToAThirtySecondOfTheDelay() {
        final SplittableRandom random = new SplittableRandom(42);
        for (final long delay : new long[] {1, 31, 32, 640, 100_000}) {
            final Delayed<Long> delayed = new Delayed<>(delay);
            final NavigableMap<Long, Long> all = new TreeMap<>();
            long now = -5_000;
            long held = 0;
            for (long value = 1; value < 20_000; value++) {
                now += random.nextLong(Math.max(2, delay / 50));
                delayed.add(value, now);
                all.put(now, value);
                if (random.nextInt(10) == 0) {
                    final Long due = delayed.poll(now);
                    held = due == null ? held : due;
                    assertThat(held).isLessThanOrEqualTo(valueAt(all, now - delay));
                    assertThat(held).isGreaterThanOrEqualTo(valueAt(all, now - delay - delay / 32));
                }
            }
        }
    }

    private static long valueAt(final NavigableMap<Long, Long> all, final long nanos) {
        final var entry = all.floorEntry(nanos);
        return entry == null ? 0 : entry.getValue();
    }
}
