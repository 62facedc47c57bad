package io.millrace.pipeline.journal;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.agrona.concurrent.AtomicBuffer;

/**
 * The first page of a journal file: what it is, whose it is, and the numbers that outlive the records.
 *
 * <pre>
 *     0  magic            8   "MILLRACE"
 *     8  version          4   little-endian, as all numbers here
 *    12  capacity         4   of the ring, in bytes, a power of two
 *    16  journal id       8   random
 *    24  boot id         16   of the machine when the journal was made
 *    40  stream length    4
 *    44  stream name    128   ASCII
 *   172  checksum         4   CRC32C of bytes 0 to 171
 *   256  generation       8   time part of the entry IDs that the shipper writes
 *   320  freed sequence   8   the last event that was freed
 *   328  its complement   8   written after it, and before the head moves
 *   384  last sequence    8   of the last event that was committed
 *   392  its complement   8   written after it, and before the event is answered
 *  4096  the ring: capacity bytes, then Agrona's trailer with tail and head
 * </pre>
 *
 * <p>The generation, the freed and the last sequence stand on cache lines of their own. The first two are written by the
 * shipper's thread only, the third by the event loop's; each by aligned stores, so that a death of the process leaves the
 * old value or the new one.
 */
final class JournalHeader {
    /** Bytes before the ring: one page. */
    static final int LENGTH = 4096;

    /** The version that this code writes and reads. */
    static final int VERSION = 1;

    /** Longest stream name, in bytes. */
    static final int MAX_STREAM_LENGTH = 128;

    private static final long MAGIC =
            ByteBuffer.wrap("MILLRACE".getBytes(US_ASCII)).order(LITTLE_ENDIAN).getLong();

    private static final int MAGIC_OFFSET = 0;
    private static final int VERSION_OFFSET = 8;
    private static final int CAPACITY_OFFSET = 12;
    private static final int JOURNAL_ID_OFFSET = 16;
    private static final int BOOT_ID_OFFSET = 24;
    private static final int STREAM_OFFSET = 40;
    private static final int CHECKSUM_OFFSET = 172;
    private static final int GENERATION_OFFSET = 256;
    private static final int FREED_SEQUENCE_OFFSET = 320;
    private static final int FREED_COMPLEMENT_OFFSET = 328;
    private static final int LAST_SEQUENCE_OFFSET = 384;
    private static final int LAST_COMPLEMENT_OFFSET = 392;

    private final AtomicBuffer buffer;

    /**
     * Wraps the first page of a file.
     *
     * @param buffer at least {@link #LENGTH} bytes
     */
    JournalHeader(final AtomicBuffer buffer) {
        this.buffer = buffer;
    }

    /** Writes the header of a new journal. */
    void write(
            final int capacity, final long journalId, final UUID bootId, final String stream, final long generation) {
        buffer.putLong(MAGIC_OFFSET, MAGIC, LITTLE_ENDIAN);
        buffer.putInt(VERSION_OFFSET, VERSION, LITTLE_ENDIAN);
        buffer.putInt(CAPACITY_OFFSET, capacity, LITTLE_ENDIAN);
        buffer.putLong(JOURNAL_ID_OFFSET, journalId, LITTLE_ENDIAN);
        buffer.putLong(BOOT_ID_OFFSET, bootId.getMostSignificantBits(), LITTLE_ENDIAN);
        buffer.putLong(BOOT_ID_OFFSET + Long.BYTES, bootId.getLeastSignificantBits(), LITTLE_ENDIAN);
        buffer.putStringAscii(STREAM_OFFSET, stream, LITTLE_ENDIAN);
        buffer.putLong(GENERATION_OFFSET, generation);
        freedSequence(0);
        lastSequence(0);
        buffer.putInt(CHECKSUM_OFFSET, checksum(), LITTLE_ENDIAN);
    }

    /**
     * Checks that this is the header of a journal that this code can read.
     *
     * @param fileLength of the whole file, in bytes
     * @throws UnreadableJournalException if it is not; the message says why
     */
    void verify(final long fileLength) throws UnreadableJournalException {
        if (buffer.getLong(MAGIC_OFFSET, LITTLE_ENDIAN) != MAGIC) {
            throw new UnreadableJournalException("it does not begin as a journal does");
        }
        if (buffer.getInt(CHECKSUM_OFFSET, LITTLE_ENDIAN) != checksum()) {
            throw new UnreadableJournalException("the checksum of its header is wrong");
        }
        final int version = buffer.getInt(VERSION_OFFSET, LITTLE_ENDIAN);
        if (version != VERSION) {
            throw new UnreadableJournalException("its version is " + version + ", not " + VERSION);
        }
        final long expected = JournalFile.fileLength(capacity());
        if (fileLength != expected) {
            throw new UnreadableJournalException("it has " + fileLength + " bytes instead of " + expected);
        }
    }

    int capacity() {
        return buffer.getInt(CAPACITY_OFFSET, LITTLE_ENDIAN);
    }

    long journalId() {
        return buffer.getLong(JOURNAL_ID_OFFSET, LITTLE_ENDIAN);
    }

    UUID bootId() {
        return new UUID(
                buffer.getLong(BOOT_ID_OFFSET, LITTLE_ENDIAN),
                buffer.getLong(BOOT_ID_OFFSET + Long.BYTES, LITTLE_ENDIAN));
    }

    String stream() {
        return buffer.getStringAscii(STREAM_OFFSET, LITTLE_ENDIAN);
    }

    long generation() {
        return buffer.getLong(GENERATION_OFFSET);
    }

    void generation(final long generation) {
        buffer.putLongRelease(GENERATION_OFFSET, generation);
    }

    long freedSequence() {
        return buffer.getLong(FREED_SEQUENCE_OFFSET);
    }

    void freedSequence(final long sequence) {
        buffer.putLongRelease(FREED_SEQUENCE_OFFSET, sequence);
        buffer.putLongRelease(FREED_COMPLEMENT_OFFSET, ~sequence);
    }

    /** Whether the freed sequence agrees with its complement: it does unless a death came between the two, or damage. */
    boolean freedSequenceAgrees() {
        return buffer.getLong(FREED_SEQUENCE_OFFSET) == ~buffer.getLong(FREED_COMPLEMENT_OFFSET);
    }

    /** The sequence of the last event that was committed; 0 if a death, damage or an older version left none that agrees. */
    long lastSequence() {
        final long sequence = buffer.getLong(LAST_SEQUENCE_OFFSET);
        return sequence == ~buffer.getLong(LAST_COMPLEMENT_OFFSET) ? sequence : 0;
    }

    void lastSequence(final long sequence) {
        buffer.putLongRelease(LAST_SEQUENCE_OFFSET, sequence);
        buffer.putLongRelease(LAST_COMPLEMENT_OFFSET, ~sequence);
    }

    private int checksum() {
        final byte[] checked = new byte[CHECKSUM_OFFSET];
        buffer.getBytes(0, checked);
        final CRC32C crc = new CRC32C();
        crc.update(checked);
        return (int) crc.getValue();
    }
}
