package io.millrace.pipeline.ship;

import io.millrace.pipeline.event.EventFlyweight;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.agrona.DirectBuffer;

/**
 * Reads one block: checks it as a whole, then steps through its events.
 *
 * <p>A block that passes the check is well-formed to its last event. It may have none: it then says that the events before
 * its sequence were all there are. Not thread-safe.
 */
public final class BlockReader {
    private final EventFlyweight event = new EventFlyweight();
    private final CRC32C crc = new CRC32C();
    private final int streamMask;
    private DirectBuffer buffer;
    private long firstSequence;
    private int count;
    private int nextOffset;
    private int limit;
    private int remaining;

    /** Makes a reader for the blocks of one stream. */
    public BlockReader(final String stream) {
        streamMask = BlockLayout.streamMask(stream);
    }

    /**
     * Checks the block and puts the reader before its first event.
     *
     * @return null if the block is well-formed, otherwise what is wrong with it
     */
    public String wrap(final DirectBuffer buffer, final int offset, final int length) {
        if (length < BlockLayout.HEADER_LENGTH) {
            return length < 0 ? "no block" : "shorter than a block's header";
        }
        if (BlockLayout.version(buffer, offset) != BlockLayout.VERSION) {
            return "unknown version " + (BlockLayout.version(buffer, offset) & 0xFF);
        }
        if (BlockLayout.eventsLength(buffer, offset) != length - BlockLayout.HEADER_LENGTH) {
            return "length of the events is wrong";
        }
        final ByteBuffer checked =
                checked(buffer, offset + BlockLayout.CHECKED_OFFSET, length - BlockLayout.CHECKED_OFFSET);
        if (BlockLayout.checksum(buffer, offset) != BlockLayout.checksum(crc, checked, streamMask)) {
            return "checksum is wrong";
        }
        this.buffer = buffer;
        firstSequence = BlockLayout.firstSequence(buffer, offset);
        count = BlockLayout.count(buffer, offset);
        limit = offset + length;
        rewind(offset);
        if (count < 0 || firstSequence <= 0) {
            return "count is negative, or sequence not positive";
        }
        while (remaining > 0) {
            if (next() == null) {
                return "an event is malformed";
            }
        }
        if (nextOffset != limit) {
            return "bytes are left behind the last event";
        }
        rewind(offset);
        return null;
    }

    /** The sequence of the block's first event. */
    public long firstSequence() {
        return firstSequence;
    }

    /** The sequence of the block's last event. */
    public long lastSequence() {
        return firstSequence + count - 1;
    }

    /**
     * Steps onto the next event.
     *
     * @return the event, valid until the next call, or null behind the last one
     */
    public EventFlyweight next() {
        if (remaining == 0 || !event.tryWrap(buffer, nextOffset, limit)) {
            return null;
        }
        remaining--;
        nextOffset += event.length();
        return event;
    }

    private void rewind(final int offset) {
        nextOffset = offset + BlockLayout.HEADER_LENGTH;
        remaining = count;
    }

    private static ByteBuffer checked(final DirectBuffer buffer, final int offset, final int length) {
        final int start = buffer.wrapAdjustment() + offset;
        return buffer.byteBuffer() != null
                ? buffer.byteBuffer().duplicate().limit(start + length).position(start)
                : ByteBuffer.wrap(buffer.byteArray(), start, length);
    }
}
