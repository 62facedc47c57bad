package io.millrace.pipeline.journal;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * What a journal record holds, behind the 8-byte header (length, type) that Agrona's ring puts before every record.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------------------------------------------------------+
 *  |          CRC32C of all that follows, and the journal's        |
 *  +---------------------------------------------------------------+
 *  |                number of events, little-endian                |
 *  +---------------------------------------------------------------+
 *  |                     sequence of the first                     |
 *  |                     event, little-endian                      |
 *  +---------------------------------------------------------------+
 *  |                     events, back to back                     ...
 *  +---------------------------------------------------------------+
 * </pre>
 */
final class RecordLayout {
    /** The type of a record of events. */
    static final int EVENTS_TYPE_ID = 1;

    /** The type that recovery gives to what failed its check: readers step over it, and later recoveries know it. */
    static final int DAMAGED_TYPE_ID = 2;

    /** Bytes before the first event. */
    static final int HEADER_LENGTH = 16;

    /** The first byte that the checksum covers. */
    static final int CHECKED_OFFSET = 4;

    private static final int CHECKSUM_OFFSET = 0;
    private static final int COUNT_OFFSET = 4;
    private static final int FIRST_SEQUENCE_OFFSET = 8;

    private RecordLayout() {}

    static void put(final MutableDirectBuffer buffer, final int offset, final long firstSequence, final int count) {
        buffer.putLong(offset + FIRST_SEQUENCE_OFFSET, firstSequence, LITTLE_ENDIAN);
        buffer.putInt(offset + COUNT_OFFSET, count, LITTLE_ENDIAN);
    }

    static void putChecksum(final MutableDirectBuffer buffer, final int offset, final int checksum) {
        buffer.putInt(offset + CHECKSUM_OFFSET, checksum, LITTLE_ENDIAN);
    }

    static long firstSequence(final DirectBuffer buffer, final int offset) {
        return buffer.getLong(offset + FIRST_SEQUENCE_OFFSET, LITTLE_ENDIAN);
    }

    static int count(final DirectBuffer buffer, final int offset) {
        return buffer.getInt(offset + COUNT_OFFSET, LITTLE_ENDIAN);
    }

    static int checksum(final DirectBuffer buffer, final int offset) {
        return buffer.getInt(offset + CHECKSUM_OFFSET, LITTLE_ENDIAN);
    }
}
