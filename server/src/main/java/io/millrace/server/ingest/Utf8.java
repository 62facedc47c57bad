package io.millrace.server.ingest;

import org.agrona.concurrent.UnsafeBuffer;

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
    static int sequenceLength(final UnsafeBuffer buffer, final int index, final int limit) {
        int at = index;
        int state = BOUNDARY;
        do {
            if (at == limit) {
                return MALFORMED;
            }
            state = step(state, buffer.getByte(at++) & 0xFF);
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

    /**
     * Writes a code point that is no surrogate.
     *
     * @return the index behind the last byte written
     */
    static int put(final UnsafeBuffer buffer, final int index, final int codePoint) {
        int at = index;
        if (codePoint < 0x80) {
            buffer.putByte(at++, (byte) codePoint);
            return at;
        }
        final int length = length(codePoint);
        int shift = 6 * (length - 1);
        // The lead byte has as many high bits set as the sequence has bytes.
        buffer.putByte(at++, (byte) ((0xF00 >>> length) | (codePoint >>> shift)));
        while (shift > 0) {
            shift -= 6;
            buffer.putByte(at++, (byte) (0x80 | ((codePoint >>> shift) & 0x3F)));
        }
        return at;
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
