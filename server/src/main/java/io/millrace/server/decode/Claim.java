package io.millrace.server.decode;

import io.millrace.pipeline.event.EventLayout;
import java.util.Objects;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The bytes that events are written to, back to back: a range of a buffer, whose first byte has index 0.
 *
 * <p>Writes no others: {@link #wrap} takes only a range within the buffer, and each event is compared with its end once,
 * before its first byte. Texts are copied in whole words, so that up to seven bytes behind an event may change: where the range
 * has not that many more, and on the heap, the buffer's own methods write it, which touch exactly the event.
 *
 * <p>Not thread-safe.
 */
final class Claim {
    private static final int MAX_OVERRUN = Long.BYTES - 1;

    private MutableDirectBuffer buffer = new UnsafeBuffer(0, 0);
    private int offset;
    private int length;
    private long address;
    private int limit;

    /**
     * Places the claim on a range.
     *
     * @throws IndexOutOfBoundsException if it is not within the buffer
     */
    void wrap(final MutableDirectBuffer buffer, final int offset, final int length) {
        Objects.checkFromIndexSize(offset, length, buffer.capacity());
        // See Window.hold.
        if (this.buffer != buffer) {
            this.buffer = buffer;
        }
        this.offset = offset;
        this.length = length;
        address = buffer.addressOffset() + offset;
        limit = buffer.byteArray() == null ? length : 0;
    }

    /**
     * Writes a sound event.
     *
     * @param draft its texts; their lengths are within the bounds
     * @return its length in bytes
     * @throws IndexOutOfBoundsException if it is not within the range
     */
    int put(final int index, final EventDraft draft, final long timestampMillis) {
        final int user = draft.length(EventField.USER_ID);
        final int action = draft.length(EventField.ACTION);
        final int element = draft.length(EventField.ELEMENT);
        final int eventId = Math.max(0, draft.length(EventField.EVENT_ID));
        final int bytes = EventLayout.HEADER_LENGTH + user + action + element + eventId;
        if (!Memory.isWithin(index, bytes + MAX_OVERRUN, limit)) {
            Objects.checkFromIndexSize(index, bytes, length);
            putExactly(offset + index, draft, timestampMillis, user, action, element, eventId);
            return bytes;
        }
        Memory.putWord(address, index + EventLayout.TIMESTAMP_OFFSET, limit, timestampMillis);
        // Its upper half is where the user goes.
        Memory.putWord(
                address,
                index + EventLayout.LENGTHS_OFFSET,
                limit,
                EventLayout.lengths(user, action, element, eventId));
        int at = index + EventLayout.HEADER_LENGTH;
        at = putText(at, draft, EventField.USER_ID, user);
        at = putText(at, draft, EventField.ACTION, action);
        at = putText(at, draft, EventField.ELEMENT, element);
        if (eventId > 0) {
            putText(at, draft, EventField.EVENT_ID, eventId);
        }
        return bytes;
    }

    private int putText(final int index, final EventDraft draft, final EventField field, final int length) {
        final long texts = draft.address();
        final int place = EventDraft.place(field);
        Memory.putWord(address, index, limit, Memory.getWord(texts, place, EventDraft.BYTES));
        for (int i = Long.BYTES; i < length; i += Long.BYTES) {
            Memory.putWord(address, index + i, limit, Memory.getWord(texts, place + i, EventDraft.BYTES));
        }
        return index + length;
    }

    private void putExactly(
            final int start,
            final EventDraft draft,
            final long timestampMillis,
            final int user,
            final int action,
            final int element,
            final int eventId) {
        EventLayout.putHeader(buffer, start, timestampMillis, user, action, element, eventId);
        int at = start + EventLayout.HEADER_LENGTH;
        at = copy(at, draft, EventField.USER_ID, user);
        at = copy(at, draft, EventField.ACTION, action);
        at = copy(at, draft, EventField.ELEMENT, element);
        copy(at, draft, EventField.EVENT_ID, eventId);
    }

    private int copy(final int at, final EventDraft draft, final EventField field, final int length) {
        buffer.putBytes(at, draft.texts(), EventDraft.place(field), length);
        return at + length;
    }
}
