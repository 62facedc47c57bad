package io.millrace.server.ingest;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * The inside of a JSON string with escapes (RFC 8259, section 7), as {@link JsonScanner} found it well formed: each
 * backslash begins a complete escape.
 */
final class JsonString {
    /** Length of a backslash and a letter. */
    static final int SHORT_ESCAPE_LENGTH = 2;

    /** Length of a backslash, {@code u} and four digits. */
    static final int UNICODE_ESCAPE_LENGTH = 6;

    /** Returned for a string that has U+0000 or a lone surrogate. */
    static final int INVALID = -1;

    private static final int SURROGATE_PAIR_UTF8_LENGTH = 4;

    private JsonString() {}

    /** The length in bytes once the escapes are resolved, or {@link #INVALID}. Never more than {@code end - start}. */
    static int unescapedLength(final UnsafeBuffer source, final int start, final int end) {
        int length = end - start;
        int at = start;
        while ((at = Swar.indexOf(source, at, end, '\\')) < end) {
            if (source.getByte(at + 1) != 'u') {
                at += SHORT_ESCAPE_LENGTH;
                length -= SHORT_ESCAPE_LENGTH - 1;
                continue;
            }
            final int unit = Ascii.hex4(source, at + 2);
            at += UNICODE_ESCAPE_LENGTH;
            if (!isSurrogate(unit)) {
                if (unit == 0) {
                    return INVALID;
                }
                length -= UNICODE_ESCAPE_LENGTH - Utf8.length(unit);
            } else if (Character.isHighSurrogate((char) unit) && isLowSurrogateEscape(source, at, end)) {
                at += UNICODE_ESCAPE_LENGTH;
                length -= 2 * UNICODE_ESCAPE_LENGTH - SURROGATE_PAIR_UTF8_LENGTH;
            } else {
                return INVALID;
            }
        }
        return length;
    }

    /**
     * Writes a string for which {@link #unescapedLength} gave a length.
     *
     * @return the index behind the last byte written
     */
    static int unescape(
            final UnsafeBuffer source, final int start, final int end, final UnsafeBuffer sink, final int sinkIndex) {
        int to = sinkIndex;
        int from = start;
        while (true) {
            final int at = Swar.indexOf(source, from, end, '\\');
            to = Swar.copy(source, from, sink, to, at - from);
            if (at == end) {
                return to;
            }
            final int letter = source.getByte(at + 1);
            if (letter != 'u') {
                sink.putByte(to++, shortEscape(letter));
                from = at + SHORT_ESCAPE_LENGTH;
                continue;
            }
            final int unit = Ascii.hex4(source, at + 2);
            from = at + UNICODE_ESCAPE_LENGTH;
            if (isSurrogate(unit)) {
                final int low = Ascii.hex4(source, from + 2);
                from += UNICODE_ESCAPE_LENGTH;
                to = Utf8.put(sink, to, Character.toCodePoint((char) unit, (char) low));
            } else {
                to = Utf8.put(sink, to, unit);
            }
        }
    }

    private static boolean isSurrogate(final int unit) {
        return Character.isSurrogate((char) unit);
    }

    private static boolean isLowSurrogateEscape(final UnsafeBuffer source, final int at, final int end) {
        return end - at >= UNICODE_ESCAPE_LENGTH
                && source.getByte(at) == '\\'
                && source.getByte(at + 1) == 'u'
                && Character.isLowSurrogate((char) Ascii.hex4(source, at + 2));
    }

    private static byte shortEscape(final int letter) {
        return switch (letter) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> (byte) letter;
        };
    }
}
