package io.millrace.storage.redis;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.DirectBuffer;

/**
 * A block on its way into a socket buffer. It lies in memory that its owner reuses as soon as the call returns, while
 * the copy is made by a thread of Lettuce, which may come to it only after the call timed out. So the two agree:
 *
 * <ol>
 *   <li>{@link #encode} copies only what was not abandoned before.
 *   <li>When {@link #abandon()} has returned, the memory is not read any more. It waits for at most one copy.
 * </ol>
 */
final class Block {
    private static final int READY = 0;
    private static final int ENCODING = 1;
    private static final int ENCODED = 2;
    private static final int ABANDONED = 3;

    private final DirectBuffer buffer;
    private final int offset;
    private final int length;
    private final AtomicInteger state = new AtomicInteger(READY);

    Block(final DirectBuffer buffer, final int offset, final int length) {
        buffer.boundsCheck(offset, length);
        this.buffer = buffer;
        this.offset = offset;
        this.length = length;
    }

    int length() {
        return length;
    }

    /** Appends the block; called by the thread of Lettuce. */
    void encode(final ByteBuf target) {
        if (!state.compareAndSet(READY, ENCODING)) {
            throw new IllegalStateException("the call that sends this block has ended");
        }
        try {
            // The two bytes that close a bulk string come after; so the buffer grows once at most.
            target.ensureWritable(length + 2);
            final int index = target.writerIndex();
            buffer.getBytes(offset, target.internalNioBuffer(index, length), length);
            target.writerIndex(index + length);
        } finally {
            state.set(ENCODED);
        }
    }

    /** Takes the block back; called by the thread that owns its memory. */
    void abandon() {
        while (!state.compareAndSet(READY, ABANDONED) && state.get() == ENCODING) {
            Thread.onSpinWait();
        }
    }
}
