package io.millrace.pipeline.journal;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.ringbuffer.RecordDescriptor;

/**
 * CRC32C of a record, mixed with the id of its journal: a record that another journal wrote does not pass.
 *
 * <p>The id enters by exclusive-or of its own CRC. A CRC is linear, so that equals starting it from another register, and
 * leaves one pass over bytes that lie side by side.
 *
 * <p>Not thread-safe: the writer and the recovery have one each. Allocates nothing per record; the JDK computes CRC32C
 * with the processor's own instruction.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc3720#appendix-B.4">RFC 3720, B.4</a>
 */
final class RecordChecksum {
    private final ByteBuffer ring;
    private final int journalMask;
    private final CRC32C crc = new CRC32C();

    /**
     * Prepares to check the records of one journal.
     *
     * @param ring the ring's memory, from its first byte on
     */
    RecordChecksum(final ByteBuffer ring, final long journalId) {
        this.ring = ring.duplicate();
        crc.update(ByteBuffer.allocate(Long.BYTES).putLong(0, journalId));
        journalMask = (int) crc.getValue();
    }

    /**
     * Whether a record of events stands in the ring, whole and of this journal.
     *
     * @param buffer the ring
     * @param index where its header should be
     * @param length with the header
     */
    boolean passes(final DirectBuffer buffer, final int index, final int length) {
        final int record = RecordDescriptor.encodedMsgOffset(index);
        final int eventBytes = length - RecordDescriptor.HEADER_LENGTH - RecordLayout.HEADER_LENGTH;
        return buffer.getInt(RecordDescriptor.typeOffset(index)) == RecordLayout.EVENTS_TYPE_ID
                && eventBytes > 0
                && RecordLayout.count(buffer, record) > 0
                && RecordLayout.checksum(buffer, record) == of(record, eventBytes);
    }

    /** The checksum of the record at {@code offset} with {@code eventBytes} bytes of events. */
    int of(final int offset, final int eventBytes) {
        crc.reset();
        ring.limit(offset + RecordLayout.HEADER_LENGTH + eventBytes).position(offset + RecordLayout.CHECKED_OFFSET);
        crc.update(ring);
        return (int) crc.getValue() ^ journalMask;
    }
}
