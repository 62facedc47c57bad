package io.millrace.server.ingest;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * Bytes looked at eight at a time, as one {@code long} with the first byte lowest ("SIMD within a register").
 *
 * <p>A mask of marks has the high bit set in each byte that matched. Marks above the lowest one may be false, because a
 * borrow runs upwards; the lowest is always exact. See Warren, Hacker's Delight, 2nd edition, 6-1.
 */
final class Swar {
    static final long ONES = 0x0101010101010101L;
    static final long HIGHS = 0x8080808080808080L;

    private Swar() {}

    /** A word of eight times the same byte. */
    static long repeat(final int value) {
        return ONES * value;
    }

    /** Marks the zero bytes. Needs {@code & HIGHS}, which the caller applies once to several masks. */
    static long zeroMarks(final long word) {
        return (word - ONES) & ~word;
    }

    /** How many bytes lie before the lowest mark. */
    static int firstMark(final long marks) {
        return Long.numberOfTrailingZeros(marks) >>> 3;
    }

    /**
     * The eight bytes from {@code index} on, with zeros in the place of those at {@code limit} and behind. Reads nothing
     * outside {@code [0, limit)}.
     *
     * @param index below {@code limit}
     */
    static long load(final UnsafeBuffer buffer, final int index, final int limit) {
        final int available = limit - index;
        if (available >= Long.BYTES) {
            return buffer.getLong(index, LITTLE_ENDIAN);
        }
        if (limit >= Long.BYTES) {
            return buffer.getLong(limit - Long.BYTES, LITTLE_ENDIAN) >>> ((Long.BYTES - available) << 3);
        }
        long word = 0L;
        for (int i = limit - 1; i >= index; i--) {
            word = (word << Byte.SIZE) | (buffer.getByte(i) & 0xFF);
        }
        return word;
    }

    /**
     * Finds the first byte of that value.
     *
     * @param value not zero
     * @return its index, or {@code limit} if there is none
     */
    static int indexOf(final UnsafeBuffer buffer, final int from, final int limit, final int value) {
        final long pattern = repeat(value);
        for (int at = from; at < limit; at += Long.BYTES) {
            final long marks = zeroMarks(load(buffer, at, limit) ^ pattern) & HIGHS;
            if (marks != 0) {
                return at + firstMark(marks);
            }
        }
        return limit;
    }

    /**
     * Copies without a call into the runtime, which costs more than the copy for strings this short. Touches exactly the
     * bytes copied: the last word overlaps the one before.
     *
     * @return the index behind the last byte written
     */
    static int copy(
            final UnsafeBuffer source, final int from, final UnsafeBuffer sink, final int to, final int length) {
        if (length >= Long.BYTES) {
            final int last = length - Long.BYTES;
            for (int i = 0; i < last; i += Long.BYTES) {
                sink.putLong(to + i, source.getLong(from + i));
            }
            sink.putLong(to + last, source.getLong(from + last));
        } else if (length >= Integer.BYTES) {
            final int last = length - Integer.BYTES;
            final int head = source.getInt(from);
            sink.putInt(to + last, source.getInt(from + last));
            sink.putInt(to, head);
        } else {
            for (int i = 0; i < length; i++) {
                sink.putByte(to + i, source.getByte(from + i));
            }
        }
        return to + length;
    }
}
