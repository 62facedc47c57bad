package io.millrace.pipeline.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.pipeline.testing.TestEvent;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventFlyweightTest {
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[2 * EventLayout.MAX_LENGTH]);
    private final EventFlyweight flyweight = new EventFlyweight();

    @Test
    void shouldReadWhatWasWritten() {
        final TestEvent event = new TestEvent(1_767_225_600_123L, "ü42", "click", "a#b>ℵ", "id-1");
        final int length = event.write(buffer, 7);

        assertThat(flyweight.tryWrap(buffer, 7, 7 + length)).isTrue();
        assertThat(flyweight.length()).isEqualTo(length);
        assertThat(TestEvent.of(flyweight)).isEqualTo(event);
    }

    @Test
    void shouldReadTheLongestEvent() {
        final TestEvent event =
                new TestEvent(Long.MAX_VALUE, "u".repeat(128), "a".repeat(128), "e".repeat(256), "i".repeat(64));

        assertThat(event.write(buffer, 0)).isEqualTo(EventLayout.MAX_LENGTH);
        assertThat(flyweight.tryWrap(buffer, 0, EventLayout.MAX_LENGTH)).isTrue();
        assertThat(TestEvent.of(flyweight)).isEqualTo(event);
    }

    @Test
    void shouldRefuseAnEventThatEndsBeyondTheLimit() {
        final int length = new TestEvent(1, "u", "a", "e").write(buffer, 0);

        for (int limit = 0; limit < length; limit++) {
            assertThat(flyweight.tryWrap(buffer, 0, limit))
                    .as("limit %d", limit)
                    .isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 9})
    void shouldRefuseALengthOfZero(final int lengthOffset) {
        new TestEvent(1, "u", "a", "e").write(buffer, 0);
        buffer.putByte(lengthOffset, (byte) 0);

        assertThat(flyweight.tryWrap(buffer, 0, buffer.capacity())).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 9, 11})
    void shouldRefuseALengthAboveItsBound(final int lengthOffset) {
        new TestEvent(1, "u", "a", "e").write(buffer, 0);
        buffer.putByte(lengthOffset, (byte) 129);

        assertThat(flyweight.tryWrap(buffer, 0, buffer.capacity())).isFalse();
    }
}
