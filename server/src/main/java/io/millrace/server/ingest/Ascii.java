package io.millrace.server.ingest;

import org.agrona.concurrent.UnsafeBuffer;

/** Digits, decimal and hexadecimal. */
final class Ascii {
    private Ascii() {}

    static boolean isDigit(final int value) {
        return value >= '0' && value <= '9';
    }

    /** The value of a hexadecimal digit in either case, or -1. */
    static int hex(final int value) {
        if (isDigit(value)) {
            return value - '0';
        }
        final int lower = value | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
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
}
