package io.millrace.pipeline.ship;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Where each field of a block stands: the value of field {@code b} of a stream entry.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------+---------------+-------------------------------+
 *  |  version (1)  |   flags (0)   |          reserved (0)         |
 *  +---------------+---------------+-------------------------------+
 *  |          CRC32C of all that follows, and the stream's         |
 *  +---------------------------------------------------------------+
 *  |                number of events, little-endian                |
 *  +---------------------------------------------------------------+
 *  |                length of the events in bytes                  |
 *  +---------------------------------------------------------------+
 *  |                     sequence of the first                     |
 *  |                     event, little-endian                      |
 *  +---------------------------------------------------------------+
 *  |                     events, back to back                     ...
 *  +---------------------------------------------------------------+
 * </pre>
 *
 * <p>The checksum is mixed with that of the stream's name: sequences mean nothing in another stream than their own, so a
 * block that was copied there must not be folded.
 */
final class BlockLayout {
    /** The version that this code writes and reads. */
    static final byte VERSION = 1;

    /** Bytes before the first event. */
    static final int HEADER_LENGTH = 24;

    /** The first byte that the checksum covers. */
    static final int CHECKED_OFFSET = 8;

    private static final int VERSION_OFFSET = 0;
    private static final int CHECKSUM_OFFSET = 4;
    private static final int COUNT_OFFSET = 8;
    private static final int EVENTS_LENGTH_OFFSET = 12;
    private static final int FIRST_SEQUENCE_OFFSET = 16;

    private BlockLayout() {}

    static void put(
            final MutableDirectBuffer buffer,
            final int offset,
            final long firstSequence,
            final int count,
            final int eventsLength) {
        buffer.putInt(offset + VERSION_OFFSET, VERSION, LITTLE_ENDIAN);
        buffer.putInt(offset + COUNT_OFFSET, count, LITTLE_ENDIAN);
        buffer.putInt(offset + EVENTS_LENGTH_OFFSET, eventsLength, LITTLE_ENDIAN);
        buffer.putLong(offset + FIRST_SEQUENCE_OFFSET, firstSequence, LITTLE_ENDIAN);
    }

    static void putChecksum(final MutableDirectBuffer buffer, final int offset, final int checksum) {
        buffer.putInt(offset + CHECKSUM_OFFSET, checksum, LITTLE_ENDIAN);
    }

    static byte version(final DirectBuffer buffer, final int offset) {
        return buffer.getByte(offset + VERSION_OFFSET);
    }

    static int checksum(final DirectBuffer buffer, final int offset) {
        return buffer.getInt(offset + CHECKSUM_OFFSET, LITTLE_ENDIAN);
    }

    static int count(final DirectBuffer buffer, final int offset) {
        return buffer.getInt(offset + COUNT_OFFSET, LITTLE_ENDIAN);
    }

    static int eventsLength(final DirectBuffer buffer, final int offset) {
        return buffer.getInt(offset + EVENTS_LENGTH_OFFSET, LITTLE_ENDIAN);
    }

    static long firstSequence(final DirectBuffer buffer, final int offset) {
        return buffer.getLong(offset + FIRST_SEQUENCE_OFFSET, LITTLE_ENDIAN);
    }

    /** What a stream's name adds to the checksums of its blocks. */
    static int streamMask(final String stream) {
        final CRC32C crc = new CRC32C();
        crc.update(stream.getBytes(UTF_8));
        return (int) crc.getValue();
    }

    /** The checksum of the bytes that the checksum field covers. */
    static int checksum(final CRC32C crc, final ByteBuffer checked, final int streamMask) {
        crc.reset();
        crc.update(checked);
        return (int) crc.getValue() ^ streamMask;
    }
}
