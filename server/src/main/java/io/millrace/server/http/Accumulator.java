package io.millrace.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Bytes that come piece by piece: those of a request that is not complete yet, or of a body while it is decompressed. Grows
 * with what arrives, not with what is announced, and pays for its capacity from the process's budget.
 *
 * <p>Not thread-safe. Holds memory only while there is something to hold.
 */
public final class Accumulator {
    private static final int MIN_CAPACITY = 1024;

    /** A capacity so many times what is held is given back: a large read may leave the begin of one request only. */
    private static final int MAX_SLACK = 4;

    private final ByteBufAllocator allocator;
    private final BodyBudget budget;
    private final int usualBytes;
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private ByteBuf bytes;
    private int length;

    /**
     * Makes one that holds nothing.
     *
     * @param usualBytes up to here it grows ahead of what comes, beyond it only by what is there
     */
    public Accumulator(final ByteBufAllocator allocator, final BodyBudget budget, final int usualBytes) {
        this.allocator = allocator;
        this.budget = budget;
        this.usualBytes = usualBytes;
    }

    /** The bytes held, from index 0 on; valid until the next call that changes them. */
    public UnsafeBuffer view() {
        return view;
    }

    public int length() {
        return length;
    }

    /** Says how many bytes were written through {@link #view()}, within what was {@linkplain #tryReserve reserved}. */
    public void length(final int newLength) {
        length = newLength;
    }

    /** Makes room for more bytes behind those held; false if the budget has none, and nothing has changed. */
    public boolean tryReserve(final int more) {
        final int capacity = bytes == null ? 0 : bytes.capacity();
        if (length + more <= capacity) {
            return true;
        }
        final int ahead = Math.min(usualBytes, Math.max(MIN_CAPACITY, capacity + (capacity >> 1)));
        return tryMove(0, length, Math.max(length + more, ahead));
    }

    /** Moves a part of the bytes to the front of memory of that capacity. */
    private boolean tryMove(final int from, final int count, final int capacity) {
        if (!budget.tryTake(capacity)) {
            return false;
        }
        final ByteBuf moved = allocator.directBuffer(capacity, capacity);
        if (bytes != null) {
            moved.setBytes(0, bytes, from, count);
            free();
        }
        bytes = moved;
        ByteBufs.wrap(view, bytes, 0, capacity);
        return true;
    }

    boolean tryAppend(final UnsafeBuffer src, final int from, final int count) {
        if (!tryReserve(count)) {
            return false;
        }
        view.putBytes(length, src, from, count);
        length += count;
        return true;
    }

    /** Keeps only these bytes, and moves them to the front. */
    void keep(final int from, final int to) {
        final int kept = to - from;
        final int enough = Math.max(MIN_CAPACITY, kept);
        final boolean moved = bytes.capacity() > MAX_SLACK * enough && tryMove(from, kept, enough);
        if (!moved && from > 0) {
            view.putBytes(0, view, from, kept);
        }
        length = kept;
    }

    /** Gives everything back. */
    public void clear() {
        length = 0;
        if (bytes != null) {
            view.wrap(0, 0);
            free();
            bytes = null;
        }
    }

    private void free() {
        budget.giveBack(bytes.capacity());
        bytes.release();
    }
}
