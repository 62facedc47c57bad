package io.millrace.pipeline.journal;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * CRC32C of a record, seeded with the id of its journal: a record of another journal, or of an earlier life of the same
 * file, does not pass. The checksum field itself is left out.
 *
 * <p>Not thread-safe: the writer and the recovery have one each. Allocates nothing per record; the JDK computes CRC32C
 * with the processor's own instruction.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc3720#appendix-B.4">RFC 3720, B.4</a>
 */
final class RecordChecksum {
    private static final int FIELDS_LENGTH = RecordLayout.HEADER_LENGTH - Integer.BYTES;

    private final ByteBuffer ring;
    private final byte[] seed;
    private final CRC32C crc = new CRC32C();

    /**
     * @param ring the ring's memory, from its first byte on; its position and limit are this object's to move
     */
    RecordChecksum(final ByteBuffer ring, final long journalId) {
        this.ring = ring;
        this.seed = ByteBuffer.allocate(Long.BYTES).putLong(journalId).array();
    }

    /** The checksum of the record at {@code offset} with {@code eventBytes} bytes of events. */
    int of(final int offset, final int eventBytes) {
        final ByteBuffer ring = this.ring;
        crc.reset();
        crc.update(seed, 0, seed.length);
        ring.limit(offset + FIELDS_LENGTH).position(offset);
        crc.update(ring);
        final int events = offset + RecordLayout.HEADER_LENGTH;
        ring.limit(events + eventBytes).position(events);
        crc.update(ring);
        return (int) crc.getValue();
    }
}
