package io.millrace.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EventSourceTest {
    private static final long START_MILLIS = 1_767_225_600_000L;

    @Test
    void shouldSpreadTimestampsOverTheSpanBeforeTheStart() {
        final EventSource source = new EventSource(
                EventShape.DEFAULTS.withTimestamps(Timestamps.SPREAD, Duration.ofSeconds(10)), 0, START_MILLIS);
        final Set<Long> seconds = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            source.next(0);
            assertThat(source.timestampMillis()).isBetween(START_MILLIS - 10_000, START_MILLIS - 1);
            seconds.add((START_MILLIS - 1 - source.timestampMillis()) / 1000);
        }
        assertThat(seconds).hasSize(10);
    }

    @Test
    void shouldDrawEveryActionAndStayInBounds() {
        final EventSource source = new EventSource(EventShape.DEFAULTS, 100, START_MILLIS);
        final Set<Integer> actions = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            source.next(START_MILLIS);
            assertThat(source.number()).isEqualTo(100 + i);
            assertThat(source.user()).isBetween(0, 9_999);
            assertThat(source.element()).isBetween(0, 49);
            assertThat(source.timestampMillis()).isZero();
            actions.add(source.action());
        }
        assertThat(actions).containsExactlyInAnyOrder(0, 1, 2);
    }
}
