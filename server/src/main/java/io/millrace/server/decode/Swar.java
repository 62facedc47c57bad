package io.millrace.server.decode;

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

    /** The byte that so many bytes lie before, 0 to 255. */
    static int byteAt(final long word, final int index) {
        return (int) (word >>> (index << 3)) & 0xFF;
    }

    /**
     * Finds the first byte of that value.
     *
     * @param value not zero
     * @return its index, or the window's limit if there is none
     */
    static int indexOf(final Window window, final int from, final int value) {
        final int limit = window.limit();
        final long pattern = repeat(value);
        for (int at = from; at < limit; at += Long.BYTES) {
            final long marks = zeroMarks(window.word(at) ^ pattern) & HIGHS;
            if (marks != 0) {
                return at + firstMark(marks);
            }
        }
        return limit;
    }

    /**
     * Likewise, through the checks of Agrona.
     *
     * @return its index, or {@code limit} if there is none
     */
    static int indexOf(final UnsafeBuffer buffer, final int from, final int limit, final int value) {
        final long pattern = repeat(value);
        int at = from;
        for (; at <= limit - Long.BYTES; at += Long.BYTES) {
            final long marks = zeroMarks(buffer.getLong(at, LITTLE_ENDIAN) ^ pattern) & HIGHS;
            if (marks != 0) {
                return at + firstMark(marks);
            }
        }
        while (at < limit && buffer.getByte(at) != (byte) value) {
            at++;
        }
        return at;
    }
}
