package io.millrace.server.ingest;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.concurrent.UnsafeBuffer;

/** Digits, decimal and hexadecimal. */
final class Ascii {
    private static final long ZEROS = Swar.repeat('0');
    private static final long ABOVE_NINE = Swar.repeat(0x80 - 10);
    private static final int MAX_FAST_DIGITS = 2 * Long.BYTES;
    private static final long HUNDRED_MILLION = 100_000_000L;
    private static final byte[] HEX = new byte[256];

    static {
        for (int i = 0; i < HEX.length; i++) {
            HEX[i] = (byte) Character.digit(i < 0x80 ? i : ' ', 16);
        }
    }

    private Ascii() {}

    static boolean isDigit(final int value) {
        return value >= '0' && value <= '9';
    }

    /** The value of a hexadecimal digit in either case, or -1. */
    static int hex(final int value) {
        return HEX[value & 0xFF];
    }

    /** The index of the first byte from {@code from} on that is no digit, or the limit. */
    static int skipDigits(final UnsafeBuffer buffer, final int from, final int limit) {
        int at = from;
        while (at < limit) {
            final long digits = Swar.load(buffer, at, limit) ^ ZEROS;
            final long marks = ((digits + ABOVE_NINE) | digits) & Swar.HIGHS;
            if (marks != 0) {
                // The zeros that fill the word behind the limit are no digits: the limit is the most.
                return at + Swar.firstMark(marks);
            }
            at += Long.BYTES;
        }
        return limit;
    }

    /** The value of two hexadecimal digits, or a negative number. */
    static int hex2(final UnsafeBuffer buffer, final int index) {
        return (hex(buffer.getByte(index)) << 4) | hex(buffer.getByte(index + 1));
    }

    /** The value of four hexadecimal digits, or a negative number. */
    static int hex4(final UnsafeBuffer buffer, final int index) {
        // A digit that is none is -1, all bits set: it makes the sum negative wherever it stands.
        return (hex2(buffer, index) << 8) | hex2(buffer, index + 2);
    }

    /** Whether the bytes are {@code -?(0|[1-9][0-9]*)}, the integers of JSON. */
    static boolean isInteger(final UnsafeBuffer buffer, final int start, final int end) {
        final int first = start < end && buffer.getByte(start) == '-' ? start + 1 : start;
        if (first == end || (buffer.getByte(first) == '0' && end - first > 1)) {
            return false;
        }
        for (int i = first; i < end; i++) {
            if (!isDigit(buffer.getByte(i))) {
                return false;
            }
        }
        return true;
    }

    /** The value of an integer of JSON; {@link Long#MAX_VALUE} or {@link Long#MIN_VALUE} if it is beyond them. */
    static long saturatedLong(final UnsafeBuffer buffer, final int start, final int end) {
        final int length = end - start;
        if (length > Long.BYTES
                && length <= MAX_FAST_DIGITS
                && end >= MAX_FAST_DIGITS
                && buffer.getByte(start) != '-') {
            // As every time of this age is written. What stands before the digits is shifted out.
            final int surplus = (MAX_FAST_DIGITS - length) << 3;
            final long head = buffer.getLong(end - MAX_FAST_DIGITS, LITTLE_ENDIAN) >>> surplus << surplus;
            return eightDigits(head) * HUNDRED_MILLION + eightDigits(buffer.getLong(end - Long.BYTES, LITTLE_ENDIAN));
        }
        final boolean negative = buffer.getByte(start) == '-';
        long value = 0L;
        for (int i = negative ? start + 1 : start; i < end; i++) {
            final int digit = buffer.getByte(i) - '0';
            if (value > (Long.MAX_VALUE - digit) / 10) {
                return negative ? Long.MIN_VALUE : Long.MAX_VALUE;
            }
            value = value * 10 + digit;
        }
        return negative ? -value : value;
    }

    /**
     * The value of eight digits, the first in the lowest byte; a byte of zero counts as the digit zero. Neighbours are
     * joined to pairs, pairs to fours, fours to the whole.
     *
     * @see <a href="https://lemire.me/blog/2022/01/21/swar-explained-parsing-eight-digits/">Lemire, parsing eight digits</a>
     */
    private static long eightDigits(final long digits) {
        final long pairs = ((digits & 0x0F0F0F0F0F0F0F0FL) * (10 << 8 | 1)) >>> 8;
        final long fours = ((pairs & 0x00FF00FF00FF00FFL) * (100 << 16 | 1)) >>> 16;
        return ((fours & 0x0000FFFF0000FFFFL) * (10_000L << 32 | 1)) >>> 32;
    }
}
