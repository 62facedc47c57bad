package io.millrace.server.decode;

/** Timestamps, in whichever form they came, as epoch milliseconds. */
final class Timestamps {
    /** The longest text that is looked at, in bytes: an ISO-8601 date with 38 digits of a second. */
    static final int MAX_BYTES = 64;

    /** Stands for a value that is no timestamp. */
    static final long INVALID = Iso8601.INVALID;

    private Timestamps() {}

    /** Of an ISO-8601 date, or {@link #INVALID}. */
    static long parse(final Window text, final int start, final int length) {
        return length > MAX_BYTES ? INVALID : Iso8601.parse(text, start, start + length);
    }

    /**
     * Of an integer of JSON. One too large or too small for a {@code long} counts as the largest, or as the smallest that is
     * not {@link #INVALID}.
     */
    static long ofInteger(final Window text, final int start, final int end) {
        return Math.max(INVALID + 1, Ascii.saturatedLong(text, start, end));
    }
}
