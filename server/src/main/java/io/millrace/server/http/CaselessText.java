package io.millrace.server.http;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static java.nio.charset.StandardCharsets.US_ASCII;

import org.agrona.DirectBuffer;

/**
 * An ASCII text of 4 to 24 bytes that is looked for in any case: two or three words, compared as such.
 *
 * <p>The words overlap where the text has no multiple of a word's bytes. In the bytes that are letters the bit of the case is
 * set before comparing; as in {@code (b | 0x20) == 'a'}, that is true of {@code a} and {@code A} alone.
 *
 * <p>A record, so that HotSpot takes the words of a static constant for constants.
 *
 * @param first the first eight bytes, or four of a shorter text
 * @param middle the eight bytes from the eighth on, of a text of more than 16
 * @param last the last eight bytes, or four of a shorter text
 */
record CaselessText(int length, long first, long firstCases, long middle, long middleCases, long last, long lastCases) {
    private static final int WORD = Long.BYTES;
    private static final int HALF = Integer.BYTES;

    /**
     * Makes one.
     *
     * @param lower the text, its letters in lower case
     */
    static CaselessText of(final String lower) {
        final byte[] bytes = lower.getBytes(US_ASCII);
        final int length = bytes.length;
        if (length < HALF || length > 3 * WORD) {
            throw new IllegalArgumentException("4 to 24 bytes, not " + length + ": " + lower);
        }
        final int width = length < WORD ? HALF : WORD;
        final int middle = length > 2 * WORD ? WORD : 0;
        return new CaselessText(
                length,
                word(bytes, 0, width),
                cases(bytes, 0, width),
                word(bytes, middle, width),
                cases(bytes, middle, width),
                word(bytes, length - width, width),
                cases(bytes, length - width, width));
    }

    private static long word(final byte[] bytes, final int from, final int width) {
        long word = 0;
        for (int i = 0; i < width; i++) {
            word |= (long) bytes[from + i] << (i * Byte.SIZE);
        }
        return word;
    }

    private static long cases(final byte[] bytes, final int from, final int width) {
        long cases = 0;
        for (int i = 0; i < width; i++) {
            final byte b = bytes[from + i];
            cases |= (b >= 'a' && b <= 'z' ? 0x20L : 0) << (i * Byte.SIZE);
        }
        return cases;
    }

    /** Whether the bytes are those of this text, in any case. */
    boolean matches(final DirectBuffer buffer, final int offset, final int size) {
        if (size != length) {
            return false;
        }
        if (length < WORD) {
            return (buffer.getInt(offset, LITTLE_ENDIAN) | (int) firstCases) == (int) first
                    && (buffer.getInt(offset + length - HALF, LITTLE_ENDIAN) | (int) lastCases) == (int) last;
        }
        return (buffer.getLong(offset, LITTLE_ENDIAN) | firstCases) == first
                && (buffer.getLong(offset + length - WORD, LITTLE_ENDIAN) | lastCases) == last
                && (length <= 2 * WORD || (buffer.getLong(offset + WORD, LITTLE_ENDIAN) | middleCases) == middle);
    }
}
