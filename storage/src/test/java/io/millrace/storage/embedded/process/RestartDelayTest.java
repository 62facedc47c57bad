package io.millrace.storage.embedded.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class RestartDelayTest {
    private final RestartDelay delay = new RestartDelay();

    @Test
    void shouldDoubleUpToItsBound() {
        Duration expected = RestartDelay.MIN;
        for (int i = 0; i < 20; i++) {
            assertThat(delay.afterLifeOf(Duration.ZERO)).isEqualTo(expected);
            expected = expected.multipliedBy(2).compareTo(RestartDelay.MAX) > 0
                    ? RestartDelay.MAX
                    : expected.multipliedBy(2);
        }
        assertThat(expected).isEqualTo(RestartDelay.MAX);
    }

    @Test
    void shouldBeginAnewAfterALongLife() {
        for (int i = 0; i < 20; i++) {
            delay.afterLifeOf(RestartDelay.LONG_LIFE);
        }
        assertThat(delay.afterLifeOf(RestartDelay.LONG_LIFE)).isEqualTo(RestartDelay.MAX);
        assertThat(delay.afterLifeOf(RestartDelay.LONG_LIFE.plusNanos(1))).isEqualTo(RestartDelay.MIN);
        assertThat(delay.afterLifeOf(Duration.ZERO)).isEqualTo(RestartDelay.MIN.multipliedBy(2));
    }
}
