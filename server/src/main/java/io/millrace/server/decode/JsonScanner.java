package io.millrace.server.decode;

/**
 * The syntax of JSON (RFC 8259) but for its strings, token by token. Each method takes the index where a token begins and
 * returns the index behind it: a place handed on in a register, not in memory.
 *
 * <p>Strict: no comments, no trailing commas, no byte order mark.
 */
final class JsonScanner {
    /** Returned where the syntax is broken. */
    static final int MALFORMED = JsonString.MALFORMED;

    private static final int TRUE = 't' | 'r' << 8 | 'u' << 16 | 'e' << 24;
    private static final int NULL = 'n' | 'u' << 8 | 'l' << 16 | 'l' << 24;
    private static final int ALSE = 'a' | 'l' << 8 | 's' << 16 | 'e' << 24;

    private final Window source;

    JsonScanner(final Window source) {
        this.source = source;
    }

    /** The index of the first byte from {@code from} on that is no white space, or the limit. */
    int skipSpace(final int from) {
        int at = from;
        while (true) {
            final int value = source.byteAt(at);
            if (value > ' ' || !isWhiteSpace(value)) {
                return at;
            }
            at++;
        }
    }

    /** Likewise, but a line feed ends it, too. */
    int skipSpaceInLine(final int from) {
        int at = from;
        while (true) {
            final int value = source.byteAt(at);
            if (value > ' ' || value == '\n' || !isWhiteSpace(value)) {
                return at;
            }
            at++;
        }
    }

    /** Scans {@code -?(0|[1-9][0-9]*)}, which is a whole number, or the part of it before fraction and exponent. */
    int skipInteger(final int from) {
        final int first = source.byteAt(from) == '-' ? from + 1 : from;
        return source.byteAt(first) == '0' ? first + 1 : skipDigits(first);
    }

    /** Scans fraction and exponent of a number, behind its integer. Returns {@code from} if it has neither. */
    int skipFraction(final int from) {
        int at = from;
        if (source.byteAt(at) == '.') {
            at = skipDigits(at + 1);
        }
        if (at == MALFORMED || (source.byteAt(at) | 0x20) != 'e') {
            return at;
        }
        final int sign = source.byteAt(at + 1);
        return skipDigits(sign == '+' || sign == '-' ? at + 2 : at + 1);
    }

    /** Scans {@code true}, {@code false} or {@code null}. */
    int skipLiteral(final int from) {
        final long word = source.word(from);
        if ((int) word == TRUE || (int) word == NULL) {
            return from + Integer.BYTES;
        }
        return (word & 0xFF) == 'f' && (int) (word >>> Byte.SIZE) == ALSE ? from + 1 + Integer.BYTES : MALFORMED;
    }

    private int skipDigits(final int from) {
        final int end = Ascii.skipDigits(source, from);
        return end == from ? MALFORMED : end;
    }

    private static boolean isWhiteSpace(final int value) {
        return value == ' ' || value == '\n' || value == '\r' || value == '\t';
    }
}
