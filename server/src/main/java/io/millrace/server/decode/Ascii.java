package io.millrace.server.decode;

/** Digits, decimal and hexadecimal. */
final class Ascii {
    private static final long ZEROS = Swar.repeat('0');
    private static final long ABOVE_NINE = Swar.repeat(0x80 - 10);
    private static final int DIGITS_BITS = 4;
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
    static int skipDigits(final Window window, final int from) {
        int at = from;
        while (true) {
            final long marks = digitMarks(window.word(at) ^ ZEROS);
            if (marks != 0) {
                // The zeros that fill the word behind the limit are no digits.
                return at + Swar.firstMark(marks);
            }
            at += Long.BYTES;
        }
    }

    /** The value of two hexadecimal digits, or a negative number. */
    static int hex2(final int high, final int low) {
        return (hex(high) << 4) | hex(low);
    }

    /** The value of four hexadecimal digits, or a negative number. */
    static int hex4(final Window window, final int index) {
        final int digits = (int) window.word(index);
        // A digit that is none is -1, all bits set: it makes the disjunction negative wherever it stands.
        return (hex(digits) << 12) | (hex(digits >>> 8) << 8) | (hex(digits >>> 16) << 4) | hex(digits >>> 24);
    }

    /** Whether the bytes are {@code -?(0|[1-9][0-9]*)}, the integers of JSON. */
    static boolean isInteger(final Window window, final int start, final int end) {
        final int first = start < end && window.byteAt(start) == '-' ? start + 1 : start;
        if (first == end || (window.byteAt(first) == '0' && end - first > 1)) {
            return false;
        }
        return skipDigits(window, first) >= end;
    }

    /** The value of an integer of JSON; {@link Long#MAX_VALUE} or {@link Long#MIN_VALUE} if it is beyond them. */
    static long saturatedLong(final Window window, final int start, final int end) {
        final long number = number(window.word(start), window.word(start + Long.BYTES));
        if (numberLength(number) == end - start) {
            return numberValue(number);
        }
        final boolean negative = window.byteAt(start) == '-';
        long value = 0L;
        for (int i = negative ? start + 1 : start; i < end; i++) {
            final int digit = window.byteAt(i) - '0';
            if (value > (Long.MAX_VALUE - digit) / 10) {
                return negative ? Long.MIN_VALUE : Long.MAX_VALUE;
            }
            value = value * 10 + digit;
        }
        return negative ? -value : value;
    }

    /**
     * Reads an integer of 9 to 15 digits, as every time of this age is written in milliseconds.
     *
     * @param head its first eight bytes
     * @param tail the eight bytes behind
     * @return {@linkplain #numberValue value} and {@linkplain #numberLength length}, or 0 if no such integer stands there
     */
    static long number(final long head, final long tail) {
        final long first = head ^ ZEROS;
        final long second = tail ^ ZEROS;
        final int bits = Long.numberOfTrailingZeros(digitMarks(second)) & -Byte.SIZE;
        if (digitMarks(first) != 0 || (first & 0xFF) == 0 || bits == 0 || bits == Long.SIZE) {
            return 0L;
        }
        // The last eight digits, and those before them: what is shifted in counts as zeros.
        final long low = (first >>> bits) | (second << (Long.SIZE - bits));
        final long high = first << (Long.SIZE - bits);
        final long value = eightDigits(high) * HUNDRED_MILLION + eightDigits(low);
        return (value << DIGITS_BITS) | (Long.BYTES + (bits >>> 3));
    }

    /** The value of a {@link #number}. */
    static long numberValue(final long number) {
        return number >>> DIGITS_BITS;
    }

    /** How many digits a {@link #number} has. */
    static int numberLength(final long number) {
        return (int) number & ((1 << DIGITS_BITS) - 1);
    }

    /** Marks what is no digit, of bytes that a digit's zero was taken from. */
    private static long digitMarks(final long digits) {
        return ((digits + ABOVE_NINE) | digits) & Swar.HIGHS;
    }

    /**
     * The value of eight digits, less those of the digit zero, the first in the lowest byte. Neighbours are
     * joined to pairs, pairs to fours, fours to the whole.
     *
     * @see <a href="https://lemire.me/blog/2022/01/21/swar-explained-parsing-eight-digits/">Lemire, parsing eight digits</a>
     */
    private static long eightDigits(final long digits) {
        final long pairs = (digits * (10 << 8 | 1)) >>> 8;
        final long fours = ((pairs & 0x00FF00FF00FF00FFL) * (100 << 16 | 1)) >>> 16;
        return ((fours & 0x0000FFFF0000FFFFL) * (10_000L << 32 | 1)) >>> 32;
    }
}
