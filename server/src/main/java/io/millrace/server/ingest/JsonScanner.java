package io.millrace.server.ingest;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * The syntax of JSON (RFC 8259), token by token, straight on the buffer's memory.
 *
 * <p>Strict: no comments, no trailing commas, no byte order mark, no control characters within strings. Reads nothing
 * outside the window it was given. After {@link #MALFORMED} or {@code false} the position means nothing.
 */
final class JsonScanner {
    /** Returned by {@link #peekToken()} behind the last token. */
    static final int END = -1;

    /** Returned where the syntax is broken. */
    static final int MALFORMED = -1;

    /** Flag of a string: it has escapes. */
    static final int ESCAPED = 1;

    /** Flag of a string: it is not well-formed UTF-8. */
    static final int BAD_UTF8 = 2;

    /** A number without fraction and exponent. */
    static final int INTEGER = 0;

    /** A number with fraction or exponent. */
    static final int DECIMAL = 1;

    private static final long QUOTES = Swar.repeat('"');
    private static final long BACKSLASHES = Swar.repeat('\\');
    private static final long SPACES = Swar.repeat(' ');
    private static final int TRUE = 't' | 'r' << 8 | 'u' << 16 | 'e' << 24;
    private static final int NULL = 'n' | 'u' << 8 | 'l' << 16 | 'l' << 24;
    private static final int ALSE = 'a' | 'l' << 8 | 's' << 16 | 'e' << 24;

    private UnsafeBuffer source;
    private int position;
    private int limit;
    private int stringStart;
    private int stringEnd;

    /** Places the scanner on {@code [start, end)} of a buffer. */
    void wrap(final UnsafeBuffer source, final int start, final int end) {
        this.source = source;
        position = start;
        limit = end;
    }

    UnsafeBuffer source() {
        return source;
    }

    int position() {
        return position;
    }

    /** Goes on from there: the caller has read what lies before. */
    void position(final int position) {
        this.position = position;
    }

    int limit() {
        return limit;
    }

    /** Where the last string scanned begins, behind its quote. */
    int stringStart() {
        return stringStart;
    }

    /** Where the last string scanned ends, at its quote. */
    int stringEnd() {
        return stringEnd;
    }

    /** Skips white space. Returns the byte that begins the next token, 0 to 255 and not consumed, or {@link #END}. */
    int peekToken() {
        final int limit = this.limit;
        int at = position;
        while (at < limit) {
            final int value = source.getByte(at) & 0xFF;
            if (value > ' ' || !isWhiteSpace(value)) {
                position = at;
                return value;
            }
            at++;
        }
        position = at;
        return END;
    }

    /** Consumes the one byte that {@link #peekToken()} showed. */
    void advance() {
        position++;
    }

    /**
     * Scans the string whose opening quote is at the position, eight bytes at a time.
     *
     * @return {@link #ESCAPED} and {@link #BAD_UTF8} as far as they apply, or {@link #MALFORMED}
     */
    int scanString() {
        final UnsafeBuffer source = this.source;
        final int limit = this.limit;
        int at = position + 1;
        int flags = 0;
        stringStart = at;
        while ((at = nextSpecial(source, at, limit)) < limit) {
            final int value = source.getByte(at);
            if (value == '"') {
                stringEnd = at;
                position = at + 1;
                return flags;
            }
            if (value == '\\') {
                final int length = escapeLength(source, at, limit);
                if (length == 0) {
                    return MALFORMED;
                }
                flags |= ESCAPED;
                at += length;
            } else if (value >= 0) {
                return MALFORMED;
            } else {
                final int length = Utf8.sequenceLength(source, at, limit);
                if (length == Utf8.MALFORMED) {
                    // Only the one byte is skipped: what follows it may be the closing quote.
                    flags |= BAD_UTF8;
                    at++;
                } else {
                    at += length;
                }
            }
        }
        return MALFORMED;
    }

    /**
     * Scans the number that begins at the position. What follows it is the caller's to judge.
     *
     * @return {@link #INTEGER}, {@link #DECIMAL} or {@link #MALFORMED}
     */
    int scanNumber() {
        int at = position;
        if (byteAt(at) == '-') {
            at++;
        }
        if (byteAt(at) == '0') {
            at++;
        } else {
            final int first = at;
            at = skipDigits(at);
            if (at == first) {
                return MALFORMED;
            }
        }
        final int next = byteAt(at);
        if (next != '.' && (next | 0x20) != 'e') {
            position = at;
            return INTEGER;
        }
        int kind = INTEGER;
        if (next == '.') {
            final int first = ++at;
            at = skipDigits(at);
            if (at == first) {
                return MALFORMED;
            }
            kind = DECIMAL;
        }
        if ((byteAt(at) | 0x20) == 'e') {
            at++;
            final int sign = byteAt(at);
            if (sign == '+' || sign == '-') {
                at++;
            }
            final int first = at;
            at = skipDigits(at);
            if (at == first) {
                return MALFORMED;
            }
            kind = DECIMAL;
        }
        position = at;
        return kind;
    }

    /** Scans {@code true}, {@code false} or {@code null}, whichever its first byte at the position promises. */
    boolean scanLiteral() {
        final int at = position;
        if (limit - at < Integer.BYTES) {
            return false;
        }
        final int word = source.getInt(at, LITTLE_ENDIAN);
        if (word == TRUE || word == NULL) {
            position = at + Integer.BYTES;
            return true;
        }
        if ((word & 0xFF) == 'f' && limit - at > Integer.BYTES && source.getInt(at + 1, LITTLE_ENDIAN) == ALSE) {
            position = at + 1 + Integer.BYTES;
            return true;
        }
        return false;
    }

    /** The byte at {@code index}, or 0 at the limit, which no number contains. */
    private int byteAt(final int index) {
        return index < limit ? source.getByte(index) : 0;
    }

    private int skipDigits(final int from) {
        return Ascii.skipDigits(source, from, limit);
    }

    private static boolean isWhiteSpace(final int value) {
        return value == ' ' || value == '\n' || value == '\r' || value == '\t';
    }

    /** The index of the next quote, backslash, control character or byte of a non-ASCII character, or the limit. */
    static int nextSpecial(final UnsafeBuffer source, final int from, final int limit) {
        int at = from;
        for (; at <= limit - Long.BYTES; at += Long.BYTES) {
            final long marks = specialMarks(source.getLong(at, LITTLE_ENDIAN));
            if (marks != 0) {
                return at + Swar.firstMark(marks);
            }
        }
        // The zeros that fill the word behind the limit count as control characters: the limit is the most.
        return at < limit ? at + Swar.firstMark(specialMarks(Swar.load(source, at, limit))) : limit;
    }

    /**
     * Like {@link Swar#zeroMarks}, without its {@code & ~word}: what that would take away are bytes with the high bit set,
     * and they are marked here in any case.
     */
    private static long specialMarks(final long word) {
        return (((word ^ QUOTES) - Swar.ONES) | ((word ^ BACKSLASHES) - Swar.ONES) | (word - SPACES) | word)
                & Swar.HIGHS;
    }

    private static int escapeLength(final UnsafeBuffer source, final int at, final int limit) {
        if (at + 1 >= limit) {
            return 0;
        }
        return switch (source.getByte(at + 1)) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> JsonString.SHORT_ESCAPE_LENGTH;
            case 'u' ->
                limit - at >= JsonString.UNICODE_ESCAPE_LENGTH && Ascii.hex4(source, at + 2) >= 0
                        ? JsonString.UNICODE_ESCAPE_LENGTH
                        : 0;
            default -> 0;
        };
    }
}
