package io.millrace.server.decode;

/**
 * Names and values of a query string as browsers write them ({@code application/x-www-form-urlencoded}, WHATWG URL, section
 * 5): a plus sign is a space, {@code %XX} a byte. Unlike there, a percent sign without two hexadecimal digits is an error. One
 * pass finds the end, validates the bytes and writes them down decoded.
 */
final class PercentString {
    private static final long AMPERSANDS = Swar.repeat('&');
    private static final long PERCENTS = Swar.repeat('%');
    private static final long PLUSES = Swar.repeat('+');
    private static final long SPACES = Swar.repeat(' ');
    private static final int ESCAPE_LENGTH = 3;

    private final Window source;
    private final EventDraft draft;
    private int length;
    private int state;
    private boolean text;

    PercentString(final Window source, final EventDraft draft) {
        this.source = source;
        this.draft = draft;
    }

    /**
     * Reads up to an ampersand, eight bytes at a time.
     *
     * @param end another byte that ends it, of ASCII
     * @param place where in the draft it is written
     * @param last the last index at which a word is written: what lies behind is left out
     * @return the index of the byte that ends it, or the limit
     */
    int read(final int from, final int end, final int place, final int last) {
        final Window source = this.source;
        final EventDraft draft = this.draft;
        final int limit = source.limit();
        final long ends = Swar.repeat(end);
        int at = from;
        int to = place;
        state = Utf8.BOUNDARY;
        text = true;
        while (true) {
            final long word = source.word(at);
            final long marks = specialMarks(word, ends);
            if (to <= last) {
                draft.putWord(to, word);
            }
            final int plain = marks == 0 ? Long.BYTES : Swar.firstMark(marks);
            if (plain > 0) {
                // A character that began before it is not complete.
                text &= state == Utf8.BOUNDARY;
                state = Utf8.BOUNDARY;
                at += plain;
                to += plain;
            }
            if (marks == 0) {
                continue;
            }
            final int special = Swar.byteAt(word, plain);
            if (special == '&' || special == end || at >= limit) {
                // The zeros that fill the word behind the limit count as control characters.
                text &= state == Utf8.BOUNDARY;
                length = to - place;
                return at;
            }
            at = readByte(special, at, to, last);
            to++;
        }
    }

    /** The length in bytes of what was read last, decoded; more was not written than asked for. */
    int length() {
        return length;
    }

    /** Whether what was read last is well encoded, is UTF-8 and has no U+0000. */
    boolean isText() {
        return text;
    }

    /** Returns the index behind the byte or its escape. */
    private int readByte(final int special, final int at, final int to, final int last) {
        int value = special;
        int next = at + 1;
        if (special == '%') {
            value = Ascii.hex2(source.byteAt(at + 1), source.byteAt(at + 2));
            next = value < 0 ? next : at + ESCAPE_LENGTH;
        } else if (special == '+') {
            value = ' ';
        }
        state = value > 0 ? Utf8.step(state, value) : Utf8.REJECT;
        if (state == Utf8.REJECT) {
            text = false;
            state = Utf8.BOUNDARY;
        }
        if (to <= last) {
            draft.putByte(to, (byte) value);
        }
        return next;
    }

    private static long specialMarks(final long word, final long ends) {
        return (Swar.zeroMarks(word ^ AMPERSANDS)
                        | Swar.zeroMarks(word ^ ends)
                        | Swar.zeroMarks(word ^ PERCENTS)
                        | Swar.zeroMarks(word ^ PLUSES)
                        | (word - SPACES)
                        | word)
                & Swar.HIGHS;
    }
}
