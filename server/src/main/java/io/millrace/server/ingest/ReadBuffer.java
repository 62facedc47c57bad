package io.millrace.server.ingest;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;

/**
 * The one buffer into which an event loop reads all its connections, each in turn: what was read is dealt with before the
 * next read, so that nothing has to be allocated, guessed or freed for it. A buffer that somebody has kept is left to them,
 * and the next read gets another.
 *
 * <p>Each read of a connection is one call, of at most the buffer's capacity: what a peer that does not read can make us hold
 * is bounded by the replies to one read.
 *
 * <p>Belongs to its event loop. Not for io_uring, where many reads are under way at a time.
 */
final class ReadBuffer extends DefaultMaxMessagesRecvByteBufAllocator {
    private final int capacity;
    private ByteBuf buffer;

    /**
     * Makes it without a buffer; the first read allocates that.
     *
     * @param capacity the most bytes of one read
     */
    ReadBuffer(final int capacity) {
        super(1);
        this.capacity = capacity;
    }

    // Netty's transports accept no other kind of handle.
    @SuppressWarnings("deprecation")
    @Override
    public RecvByteBufAllocator.Handle newHandle() {
        return new MaxMessageHandle() {
            @Override
            public int guess() {
                return capacity;
            }

            @Override
            public ByteBuf allocate(final ByteBufAllocator allocator) {
                return lend(allocator);
            }
        };
    }

    private ByteBuf lend(final ByteBufAllocator allocator) {
        if (buffer == null || buffer.refCnt() > 1) {
            release();
            buffer = allocator.directBuffer(capacity, capacity);
        }
        return buffer.clear().retain();
    }

    /** Gives the buffer back. To be called on the loop, when its connections are closed. */
    void release() {
        if (buffer != null) {
            buffer.release();
            buffer = null;
        }
    }
}
