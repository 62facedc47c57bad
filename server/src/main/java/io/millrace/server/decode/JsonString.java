package io.millrace.server.decode;

/**
 * The inside of a JSON string (RFC 8259, section 7): one pass finds its end, validates its bytes and its escapes, and writes
 * it down decoded.
 */
final class JsonString {
    /** Returned where the syntax is broken. */
    static final int MALFORMED = -1;

    private static final long QUOTES = Swar.repeat('"');
    private static final long BACKSLASHES = Swar.repeat('\\');
    private static final long SPACES = Swar.repeat(' ');
    private static final int SHORT_ESCAPE_LENGTH = 2;
    private static final int UNICODE_ESCAPE_LENGTH = 6;

    /** Flag of a string that has U+0000 or a lone surrogate, or is not UTF-8. */
    private static final int NO_TEXT = 1;

    /** Flag of a string that is not UTF-8. */
    private static final int NO_UTF8 = 2;

    /** By the letter behind the backslash, what it stands for; 0 for one that is no escape. */
    private static final byte[] ESCAPES = new byte[256];

    static {
        final String letters = "\"\\/bfnrt";
        final String meanings = "\"\\/\b\f\n\r\t";
        for (int i = 0; i < letters.length(); i++) {
            ESCAPES[letters.charAt(i)] = (byte) meanings.charAt(i);
        }
    }

    private final Window source;
    private final EventDraft draft;
    private int length;
    private int to;
    private int flags;

    JsonString(final Window source, final EventDraft draft) {
        this.source = source;
        this.draft = draft;
    }

    /**
     * Reads a string, eight bytes at a time.
     *
     * @param from the index behind its opening quote
     * @param place where in the draft it is written
     * @param last the last index at which a word is written: what lies behind is left out
     * @return the index of its closing quote, or {@link #MALFORMED}
     */
    int read(final int from, final int place, final int last) {
        final Window source = this.source;
        final EventDraft draft = this.draft;
        int at = from;
        int to = place;
        flags = 0;
        while (true) {
            final long word = source.word(at);
            final long marks = specialMarks(word);
            if (to <= last) {
                draft.putWord(to, word);
            }
            if (marks == 0) {
                at += Long.BYTES;
                to += Long.BYTES;
                continue;
            }
            final int plain = Swar.firstMark(marks);
            at += plain;
            to += plain;
            // The zeros that fill the word behind the limit count as control characters.
            final int special = Swar.byteAt(word, plain);
            if (special == '"') {
                length = to - place;
                return at;
            }
            if (special == '\\') {
                at = readEscape(at, to, last);
            } else if (special >= 0x80) {
                at = readCharacter(at, to, last);
            } else {
                return MALFORMED;
            }
            if (at == MALFORMED) {
                return MALFORMED;
            }
            to = this.to;
        }
    }

    /** The length in bytes of the string read last, decoded; more was not written than asked for. */
    int length() {
        return length;
    }

    /** Whether the string read last is well-formed UTF-8. */
    boolean isUtf8() {
        return (flags & NO_UTF8) == 0;
    }

    /** Whether the string read last is one that may be kept: well formed, without U+0000 and without a lone surrogate. */
    boolean isText() {
        return flags == 0;
    }

    private int readCharacter(final int at, final int to, final int last) {
        final int length = Utf8.sequenceLength(source, at);
        if (length == Utf8.MALFORMED) {
            // Only the one byte is skipped: what follows it may be the closing quote.
            flags |= NO_TEXT | NO_UTF8;
            this.to = to;
            return at + 1;
        }
        if (to <= last) {
            draft.putWord(to, source.word(at));
        }
        this.to = to + length;
        return at + length;
    }

    /** Returns the index behind the escape whose backslash is at {@code at}, or of a pair of them. */
    private int readEscape(final int at, final int to, final int last) {
        final int letter = source.byteAt(at + 1);
        if (letter == 'u') {
            return readUnicodeEscape(at, to, last);
        }
        final byte meaning = ESCAPES[letter];
        if (meaning == 0) {
            return MALFORMED;
        }
        if (to <= last) {
            draft.putByte(to, meaning);
        }
        this.to = to + 1;
        return at + SHORT_ESCAPE_LENGTH;
    }

    private int readUnicodeEscape(final int at, final int to, final int last) {
        int codePoint = Ascii.hex4(source, at + 2);
        int next = at + UNICODE_ESCAPE_LENGTH;
        if (codePoint < 0) {
            return MALFORMED;
        }
        if (Character.isSurrogate((char) codePoint)) {
            final int low = lowSurrogate(codePoint, next);
            if (low < 0) {
                flags |= NO_TEXT;
                this.to = to;
                return next;
            }
            codePoint = Character.toCodePoint((char) codePoint, (char) low);
            next += UNICODE_ESCAPE_LENGTH;
        }
        if (codePoint == 0) {
            flags |= NO_TEXT;
        }
        if (to <= last) {
            draft.putWord(to, Utf8.encode(codePoint));
        }
        this.to = to + Utf8.length(codePoint);
        return next;
    }

    /** The second half of a pair of escapes, or a negative number. */
    private int lowSurrogate(final int high, final int at) {
        if (!Character.isHighSurrogate((char) high) || source.byteAt(at) != '\\' || source.byteAt(at + 1) != 'u') {
            return MALFORMED;
        }
        final int low = Ascii.hex4(source, at + 2);
        return low >= 0 && Character.isLowSurrogate((char) low) ? low : MALFORMED;
    }

    /**
     * Like {@link Swar#zeroMarks}, without its {@code & ~word}: what that would take away are bytes with the high bit set,
     * and they are marked here in any case.
     */
    static long specialMarks(final long word) {
        return (((word ^ QUOTES) - Swar.ONES) | ((word ^ BACKSLASHES) - Swar.ONES) | (word - SPACES) | word)
                & Swar.HIGHS;
    }
}
