package io.millrace.server.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.millrace.pipeline.event.EventFlyweight;
import io.millrace.pipeline.event.EventLayout;
import io.millrace.pipeline.event.EventLimits;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClaimTest {
    private static final int GUARD_BYTES = 24;
    private static final byte GUARD = (byte) 0xA5;
    private static final long TIMESTAMP_MILLIS = 0x0123_4567_89AB_CDEFL;

    private final Claim claim = new Claim();
    private final EventDraft draft = new EventDraft();

    private static UnsafeBuffer guarded(final int length, final boolean onHeap) {
        final int bytes = GUARD_BYTES + length + GUARD_BYTES;
        final UnsafeBuffer buffer =
                onHeap ? new UnsafeBuffer(new byte[bytes]) : new UnsafeBuffer(ByteBuffer.allocateDirect(bytes));
        buffer.setMemory(0, bytes, GUARD);
        return buffer;
    }

    private void text(final EventField field, final int length) {
        for (int i = 0; i < length; i++) {
            draft.putByte(EventDraft.place(field) + i, letter(field, i));
        }
        draft.set(field, length);
    }

    private static byte letter(final EventField field, final int i) {
        return (byte) ("UAETI".charAt(field.ordinal()) + i % 7);
    }

    private static void assertText(
            final UnsafeBuffer buffer, final int offset, final int length, final EventField field) {
        for (int i = 0; i < length; i++) {
            assertThat(buffer.getByte(offset + i)).isEqualTo(letter(field, i));
        }
    }

    /** With room for as many bytes more as said: writes the event, and nothing outside the range. */
    private void assertPut(final int room, final int user, final int action, final int element, final int eventId) {
        text(EventField.USER_ID, user);
        text(EventField.ACTION, action);
        text(EventField.ELEMENT, element);
        text(EventField.EVENT_ID, eventId);
        final int bytes = EventLayout.HEADER_LENGTH + user + action + element + eventId;
        for (final boolean onHeap : new boolean[] {false, true}) {
            final UnsafeBuffer buffer = guarded(bytes + room, onHeap);
            claim.wrap(buffer, GUARD_BYTES, bytes + room);
            assertThat(claim.put(0, draft, TIMESTAMP_MILLIS)).isEqualTo(bytes);
            final EventFlyweight event = new EventFlyweight();
            assertThat(event.tryWrap(buffer, GUARD_BYTES, GUARD_BYTES + bytes)).isTrue();
            assertThat(event.timestampMillis()).isEqualTo(TIMESTAMP_MILLIS);
            assertThat(event.length()).isEqualTo(bytes);
            assertText(buffer, event.userOffset(), user, EventField.USER_ID);
            assertText(buffer, event.actionOffset(), action, EventField.ACTION);
            assertText(buffer, event.elementOffset(), element, EventField.ELEMENT);
            assertText(buffer, event.eventIdOffset(), eventId, EventField.EVENT_ID);
            for (int i = 0; i < GUARD_BYTES; i++) {
                assertThat(buffer.getByte(i)).isEqualTo(GUARD);
                assertThat(buffer.getByte(GUARD_BYTES + bytes + room + i)).isEqualTo(GUARD);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 6, 7, 8, 25})
    void shouldWriteTextsOfAnyLengthWithinTheRange(final int room) {
        for (int length = 1; length <= 40; length++) {
            assertPut(room, length, 41 - length, length, 0);
            assertPut(room, 1, 1, length, length);
            assertPut(room, 7, 8, 9, length);
        }
        assertPut(
                room,
                EventLimits.MAX_USER_BYTES,
                EventLimits.MAX_ACTION_BYTES,
                EventLimits.MAX_ELEMENT_BYTES,
                EventLimits.MAX_EVENT_ID_BYTES);
    }

    @Test
    void shouldRefuseAnEventWithoutRoom() {
        text(EventField.USER_ID, 1);
        text(EventField.ACTION, 2);
        text(EventField.ELEMENT, 3);
        final int bytes = EventLayout.HEADER_LENGTH + 6;
        for (final boolean onHeap : new boolean[] {false, true}) {
            claim.wrap(guarded(bytes, onHeap), GUARD_BYTES, bytes);
            for (final int index : new int[] {1, bytes, Integer.MAX_VALUE, -1, Integer.MIN_VALUE}) {
                assertThatExceptionOfType(IndexOutOfBoundsException.class)
                        .isThrownBy(() -> claim.put(index, draft, TIMESTAMP_MILLIS));
            }
        }
    }

    @Test
    void shouldRefuseARangeOutsideTheBuffer() {
        final UnsafeBuffer buffer = guarded(0, false);
        for (final int[] range : new int[][] {{-1, 4}, {0, -1}, {40, 9}, {49, 0}, {1, Integer.MAX_VALUE}}) {
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> claim.wrap(buffer, range[0], range[1]));
        }
    }
}
