package io.millrace.server.decode;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The bytes that may be read: a range of a buffer, whose first byte has index 0, up to a limit.
 *
 * <p>Reads no others: {@link #wrap} takes only a range within the buffer, {@link #limit(int)} only a limit within the range,
 * and each read compares its index with zero and the limit. The buffer is held, so that its memory stays.
 *
 * <p>Not thread-safe.
 */
final class Window {
    private UnsafeBuffer copy = new UnsafeBuffer(0, 0);
    private DirectBuffer buffer = copy;
    private long address;
    private int length;
    private int limit;

    /**
     * Places the window on a range; the limit is its end. Bytes on the heap are copied off it first; those that a socket
     * brought never are there.
     *
     * @throws IndexOutOfBoundsException if the range is not within the buffer
     */
    void wrap(final DirectBuffer buffer, final int offset, final int length) {
        Objects.checkFromIndexSize(offset, length, buffer.capacity());
        if (buffer.byteArray() == null) {
            hold(buffer);
            address = buffer.addressOffset() + offset;
        } else {
            copy(buffer, offset, length);
        }
        this.length = length;
        limit = length;
    }

    /**
     * Sets the limit.
     *
     * @throws IndexOutOfBoundsException if it is outside the range
     */
    void limit(final int limit) {
        if (limit < 0 || limit > length) {
            throw new IndexOutOfBoundsException(limit);
        }
        this.limit = limit;
    }

    int limit() {
        return limit;
    }

    /** Where the byte with index 0 is, for loops that read by {@link Memory}. */
    long address() {
        return address;
    }

    /** The byte at {@code index}, 0 to 255; at the limit and behind 0, which no syntax has. */
    int byteAt(final int index) {
        return Memory.isWithin(index, Byte.BYTES, limit) ? Memory.getByte(address, index, limit) : behind(index);
    }

    /** The eight bytes from {@code index} on, the first lowest, with zeros in the place of those at the limit and behind. */
    long word(final int index) {
        final int limit = this.limit;
        if (Memory.isWithin(index, Long.BYTES, limit)) {
            return Memory.getWord(address, index, limit);
        }
        final int available = limit - index;
        return available > 0 && limit >= Long.BYTES && index >= 0
                ? Memory.getWord(address, limit - Long.BYTES, limit) >>> ((Long.BYTES - available) << 3)
                : bytes(index);
    }

    private long bytes(final int index) {
        long word = 0L;
        for (int i = limit - 1; i >= index; i--) {
            word = (word << Byte.SIZE) | byteAt(i);
        }
        return word | behind(index);
    }

    private static int behind(final int index) {
        if (index < 0) {
            throw new IndexOutOfBoundsException(index);
        }
        return 0;
    }

    private void copy(final DirectBuffer buffer, final int offset, final int length) {
        if (copy.capacity() < length) {
            copy = new UnsafeBuffer(ByteBuffer.allocateDirect(length));
        }
        copy.putBytes(0, buffer, offset, length);
        hold(copy);
        address = copy.addressOffset();
    }

    private void hold(final DirectBuffer buffer) {
        // A comparison costs less than what garbage collectors do for each store of a reference.
        if (this.buffer != buffer) {
            this.buffer = buffer;
        }
    }
}
