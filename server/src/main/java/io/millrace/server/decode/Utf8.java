package io.millrace.server.decode;

/**
 * UTF-8 as Unicode defines it (The Unicode Standard, table 3-7; RFC 3629): no overlong forms, no surrogates, nothing above
 * U+10FFFF.
 */
final class Utf8 {
    /** State of {@link #step} between two characters. */
    static final int BOUNDARY = 0;

    /** State of {@link #step} after a byte that no well-formed text has there. */
    static final int REJECT = -1;

    /** Returned by {@link #sequenceLength} where no well-formed character begins. */
    static final int MALFORMED = 0;

    /** What a continuation byte without special bounds must be: 80..BF. */
    private static final int CONTINUATION = bounds(0x80, 0xBF);

    private static final int REMAINING_SHIFT = 16;

    private Utf8() {}

    /**
     * One step of the automaton.
     *
     * @param state {@link #BOUNDARY}, or what the step before returned, if that was not {@link #REJECT}
     * @param value the next byte, 0 to 255
     * @return {@link #BOUNDARY} if it ends a character, {@link #REJECT}, or a state that awaits more
     */
    static int step(final int state, final int value) {
        if (state == BOUNDARY) {
            return value < 0x80 ? BOUNDARY : lead(value);
        }
        if (value < (state & 0xFF) || value > ((state >>> 8) & 0xFF)) {
            return REJECT;
        }
        final int remaining = state >>> REMAINING_SHIFT;
        return remaining == 1 ? BOUNDARY : CONTINUATION | ((remaining - 1) << REMAINING_SHIFT);
    }

    /** The length in bytes of the character at {@code index}, or {@link #MALFORMED}. */
    static int sequenceLength(final Window window, final int index) {
        int at = index;
        int state = BOUNDARY;
        do {
            // Behind the limit there are zeros, which continue no character.
            state = step(state, window.byteAt(at++));
        } while (state > BOUNDARY);
        return state == BOUNDARY ? at - index : MALFORMED;
    }

    /** The length in bytes of a code point. */
    static int length(final int codePoint) {
        if (codePoint < 0x80) {
            return 1;
        }
        if (codePoint < 0x800) {
            return 2;
        }
        return codePoint < 0x10000 ? 3 : 4;
    }

    /** The bytes of a code point that is no surrogate, the first lowest. */
    static long encode(final int codePoint) {
        if (codePoint < 0x80) {
            return codePoint;
        }
        long word = 0L;
        int rest = codePoint;
        final int length = length(codePoint);
        for (int i = 1; i < length; i++) {
            word = (word | 0x80 | (rest & 0x3F)) << Byte.SIZE;
            rest >>>= 6;
        }
        // The lead byte has as many high bits set as the sequence has bytes.
        return word | (0xF0 << (4 - length) & 0xFF) | rest;
    }

    private static int lead(final int value) {
        if (value < 0xC2 || value > 0xF4) {
            return REJECT;
        }
        if (value < 0xE0) {
            return CONTINUATION | (1 << REMAINING_SHIFT);
        }
        if (value < 0xF0) {
            final int second = value == 0xE0 ? bounds(0xA0, 0xBF) : value == 0xED ? bounds(0x80, 0x9F) : CONTINUATION;
            return second | (2 << REMAINING_SHIFT);
        }
        final int second = value == 0xF0 ? bounds(0x90, 0xBF) : value == 0xF4 ? bounds(0x80, 0x8F) : CONTINUATION;
        return second | (3 << REMAINING_SHIFT);
    }

    private static int bounds(final int lowest, final int highest) {
        return lowest | (highest << 8);
    }
}
