package io.millrace.pipeline.ship;

import io.millrace.pipeline.journal.JournalReader.RecordHandler;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Packs the events of consecutive journal records into one block.
 *
 * <p>Takes records until the next one would make the block longer than its target; the first is taken whatever its
 * length. Used by one thread only, the shipper. Allocates only when a single record is longer than any before it.
 */
final class BlockBuilder implements RecordHandler {
    private final int streamMask;
    private final int targetBytes;
    private final UnsafeBuffer buffer = new UnsafeBuffer();
    private final CRC32C crc = new CRC32C();
    private ByteBuffer bytes;
    private long firstSequence;
    private int count;
    private int length;
    private boolean full;

    /**
     * Makes a builder of blocks for one stream.
     *
     * @param targetBytes length of a block that takes no further record
     */
    BlockBuilder(final String stream, final int targetBytes) {
        this.streamMask = BlockLayout.streamMask(stream);
        this.targetBytes = targetBytes;
        allocate(targetBytes);
        clear();
    }

    void clear() {
        count = 0;
        length = BlockLayout.HEADER_LENGTH;
        full = false;
    }

    @Override
    public boolean onRecord(
            final long firstSequence, final int count, final DirectBuffer events, final int offset, final int length) {
        if (this.count == 0) {
            this.firstSequence = firstSequence;
            if (this.length + length > buffer.capacity()) {
                allocate(this.length + length);
            }
        } else if (this.length + length > targetBytes || firstSequence != this.firstSequence + this.count) {
            full = true;
            return false;
        }
        buffer.putBytes(this.length, events, offset, length);
        this.length += length;
        this.count += count;
        return true;
    }

    /** Makes a block without events, which tells that there are none before {@code firstSequence} any more. */
    void mark(final long firstSequence) {
        clear();
        this.firstSequence = firstSequence;
    }

    /** Writes the header. The block is whole then. */
    void finish() {
        BlockLayout.put(buffer, 0, firstSequence, count, length - BlockLayout.HEADER_LENGTH);
        bytes.limit(length).position(BlockLayout.CHECKED_OFFSET);
        BlockLayout.putChecksum(buffer, 0, BlockLayout.checksum(crc, bytes, streamMask));
    }

    long lastSequence() {
        return firstSequence + count - 1;
    }

    int count() {
        return count;
    }

    /** Whether it left a record for the next block. */
    boolean isFull() {
        return full;
    }

    DirectBuffer buffer() {
        return buffer;
    }

    /** Length of the whole block in bytes. */
    int length() {
        return length;
    }

    private void allocate(final int length) {
        bytes = ByteBuffer.allocateDirect(length);
        buffer.wrap(bytes);
    }
}
