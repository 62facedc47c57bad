package io.millrace.pipeline.event;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Where each field of a binary event stands. The same bytes are a part of a journal record and of a block in a stream.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------------------------------------------------------+
 *  |                        timestamp, epoch                       |
 *  |                 milliseconds, little-endian                   |
 *  +---------------+---------------+---------------+---------------+
 *  | user length   | action length | element       | event_id      |
 *  | 1..128        | 1..128        | length - 1    | length, 0..64 |
 *  +---------------+---------------+---------------+---------------+
 *  |  user, action, element, event_id: UTF-8, one after the other  |
 *  |                                                              ...
 *  +---------------------------------------------------------------+
 * </pre>
 *
 * <p>Events are not aligned: they follow one another without a gap.
 */
public final class EventLayout {
    /** Bytes before the first character of the user. */
    public static final int HEADER_LENGTH = 12;

    /** The longest encoded event, in bytes. */
    public static final int MAX_LENGTH = HEADER_LENGTH
            + EventLimits.MAX_USER_BYTES
            + EventLimits.MAX_ACTION_BYTES
            + EventLimits.MAX_ELEMENT_BYTES
            + EventLimits.MAX_EVENT_ID_BYTES;

    /** Where the timestamp stands. */
    public static final int TIMESTAMP_OFFSET = 0;

    /** Where the four lengths stand, side by side. */
    public static final int LENGTHS_OFFSET = 8;

    private EventLayout() {}

    /**
     * Writes the fixed part of an event. The caller puts the strings behind it, from {@link #HEADER_LENGTH} on.
     *
     * @param timestampMillis epoch milliseconds
     * @return the length of the whole event in bytes
     */
    public static int putHeader(
            final MutableDirectBuffer buffer,
            final int offset,
            final long timestampMillis,
            final int userLength,
            final int actionLength,
            final int elementLength,
            final int eventIdLength) {
        buffer.putLong(offset + TIMESTAMP_OFFSET, timestampMillis, LITTLE_ENDIAN);
        buffer.putInt(
                offset + LENGTHS_OFFSET,
                lengths(userLength, actionLength, elementLength, eventIdLength),
                LITTLE_ENDIAN);
        return HEADER_LENGTH + userLength + actionLength + elementLength + eventIdLength;
    }

    /** The four lengths as they stand at {@link #LENGTHS_OFFSET}, little-endian: one store instead of four. */
    public static int lengths(
            final int userLength, final int actionLength, final int elementLength, final int eventIdLength) {
        return userLength | (actionLength << 8) | ((elementLength - 1) << 16) | (eventIdLength << 24);
    }

    /** Epoch milliseconds of the event at {@code offset}. */
    public static long timestampMillis(final DirectBuffer buffer, final int offset) {
        return buffer.getLong(offset + TIMESTAMP_OFFSET, LITTLE_ENDIAN);
    }

    /** The four lengths of the event at {@code offset}, in one load. */
    static int lengths(final DirectBuffer buffer, final int offset) {
        return buffer.getInt(offset + LENGTHS_OFFSET, LITTLE_ENDIAN);
    }

    static int userLength(final int lengths) {
        return lengths & 0xFF;
    }

    static int actionLength(final int lengths) {
        return (lengths >>> 8) & 0xFF;
    }

    static int elementLength(final int lengths) {
        return ((lengths >>> 16) & 0xFF) + 1;
    }

    static int eventIdLength(final int lengths) {
        return lengths >>> 24;
    }
}
