package io.millrace.bench.load;

/** Decimal numbers as ASCII, without a String. */
final class Digits {
    /** Of the largest long. */
    static final int MAX_LENGTH = 19;

    private Digits() {}

    /** How many digits a number has that is not negative. */
    static int length(final long number) {
        int length = 1;
        for (long rest = number / 10; rest > 0; rest /= 10) {
            length++;
        }
        return length;
    }

    /** Writes a number that is not negative; returns where it ends. */
    static int put(final byte[] bytes, final int offset, final long number) {
        final int end = offset + length(number);
        long rest = number;
        for (int at = end - 1; at >= offset; at--) {
            bytes[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return end;
    }
}
