package io.millrace.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The bytes of a request that is not complete yet. Grows with what arrives, not with what is announced, and pays for its
 * capacity from the process's budget.
 *
 * <p>Not thread-safe: one per connection. Holds memory only while there is something to hold.
 */
final class Accumulator {
    private static final int MIN_CAPACITY = 1024;

    private final ByteBufAllocator allocator;
    private final BodyBudget budget;
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private ByteBuf bytes;
    private int length;

    Accumulator(final ByteBufAllocator allocator, final BodyBudget budget) {
        this.allocator = allocator;
        this.budget = budget;
    }

    /** The bytes held, from index 0 on; valid until the next call that changes them. */
    UnsafeBuffer view() {
        return view;
    }

    int length() {
        return length;
    }

    /** Says how many bytes were written through {@link #view()}, within what was {@linkplain #tryReserve reserved}. */
    void length(final int newLength) {
        length = newLength;
    }

    /** Makes room for more bytes behind those held; false if the budget has none, and nothing has changed. */
    boolean tryReserve(final int more) {
        final int capacity = bytes == null ? 0 : bytes.capacity();
        if (length + more <= capacity) {
            return true;
        }
        final int wanted = Math.max(MIN_CAPACITY, Math.max(length + more, capacity + (capacity >> 1)));
        if (!budget.tryTake(wanted)) {
            return false;
        }
        final ByteBuf larger = allocator.directBuffer(wanted, wanted);
        if (bytes != null) {
            larger.setBytes(0, bytes, 0, length);
            free();
        }
        bytes = larger;
        ByteBufs.wrap(view, bytes, 0, wanted);
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
        if (from > 0) {
            view.putBytes(0, view, from, to - from);
        }
        length = to - from;
    }

    /** Gives everything back. */
    void clear() {
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
