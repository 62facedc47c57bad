package io.millrace.server.decode;

/**
 * What stands around the values of an event: names, punctuation, white space. The events of one program have it in common,
 * byte by byte, and so it is compared instead of parsed.
 *
 * <pre>
 *   {"user_id":"u-1","action":"click","timestamp":1767225600000}
 *   ------------   ------------     --------------             -
 * </pre>
 *
 * <p>A frame is learned from an event that was parsed. An event that has the same pieces where they are due, and values of the
 * same kinds between them, takes the parser through the same states: it is well formed and has the same fields, whatever the
 * values. Where the event stands makes no difference: a piece is too short to nest as deep as {@link EventDecoder#MAX_DEPTH}.
 *
 * <p>To speculate on structure is an idea of Mison (Li et al., PVLDB 10, 2017) and FAD.js (Bonetta and Brantner, PVLDB 10,
 * 2017).
 */
final class EventFrame {
    /** Returned for an event that has not the frame. */
    static final int MISS = JsonScanner.MALFORMED;

    /** Returned at a value that is not plain: the caller reads it, then {@linkplain #readOn goes on}. */
    static final int STOPPED = MISS - 1;

    private static final int MAX_VALUES = 7;

    // The pieces, the one in front of the last value, and what stands behind that value.
    private final EventPiece first;
    private EventPiece last;
    private final byte[] end = new byte[EventPiece.MAX_BYTES];
    private int endLength;
    private long endWord;
    private int endShift;
    private boolean lineFeed;

    // Where reading stopped.
    private EventPiece stoppedPiece;
    private int stoppedAt;

    // The piece to be learned next, null if the event gives no frame, and where it begins.
    private EventPiece learning;
    private int learnedTo;

    EventFrame() {
        // One more than there are values, so that the last one has a next.
        EventPiece next = null;
        for (int i = 0; i <= MAX_VALUES; i++) {
            next = new EventPiece(next);
        }
        first = next;
    }

    /**
     * Reads an event up to its end, or up to a value that is not plain. Plain are texts of ASCII without escapes that are not
     * too long, and times of 9 to 15 digits.
     *
     * @param draft cleared
     * @param brace where the event begins, an index of the window
     * @return the index behind it, {@link #MISS} or {@link #STOPPED}
     */
    int read(final Window source, final EventDraft draft, final int brace) {
        return read(source, draft, first, brace);
    }

    /**
     * Goes on behind a value at which it stopped.
     *
     * @param at the index behind the value, at the quote if it is a string
     */
    int readOn(final Window source, final EventDraft draft, final int at) {
        return stoppedPiece == last ? readEnd(source, at) : read(source, draft, stoppedPiece.next(), at);
    }

    /**
     * For a value that is not plain it returns, instead of calling what could read it: in a loop that goes on behind a call
     * the JIT keeps nothing in registers ({@code JsonBenchmark}, form CANONICAL).
     *
     * <p>Why {@link Memory} may be used: {@code at} begins within the window and only grows, {@code to} begins at a place and
     * only grows. Each read of the source is behind a comparison with the window's limit, each write of the draft behind one
     * with the last index of the place.
     */
    private int read(final Window source, final EventDraft draft, final EventPiece start, final int from) {
        final long address = source.address();
        final int limit = source.limit();
        final long texts = draft.address();
        EventPiece piece = start;
        int at = from;
        while (piece.matches(address, at, limit)) {
            at += piece.length();
            final int value = at;
            if (piece.kind() == EventPiece.Kind.TEXT) {
                int to = piece.place();
                long word;
                long marks;
                while (true) {
                    // One branch, and not the test of a counted loop, which the JIT would unroll for texts far longer.
                    if (((limit - Long.BYTES - at) | (piece.last() - to)) < 0) {
                        return stop(piece, value);
                    }
                    word = Memory.getWord(address, at, limit);
                    marks = JsonString.specialMarks(word);
                    Memory.putWord(texts, to, EventDraft.BYTES, word);
                    if (marks != 0) {
                        break;
                    }
                    at += Long.BYTES;
                    to += Long.BYTES;
                }
                final int plain = Swar.firstMark(marks);
                at += plain;
                if (Swar.byteAt(word, plain) != '"' || at == value) {
                    return stop(piece, value);
                }
                draft.set(piece.field(), at - value);
            } else {
                if (piece.kind() != EventPiece.Kind.MILLIS || at > limit - Long.BYTES) {
                    return stop(piece, value);
                }
                final long number = Ascii.number(Memory.getWord(address, at, limit), source.word(at + Long.BYTES));
                if (number == 0) {
                    return stop(piece, value);
                }
                draft.setTimestamp(Ascii.numberValue(number));
                at += Ascii.numberLength(number);
            }
            if (piece == last) {
                return readEnd(source, at);
            }
            piece = piece.next();
        }
        return MISS;
    }

    private int readEnd(final Window source, final int at) {
        // Behind the limit are zeros, which no frame has.
        final boolean same = (source.word(at) ^ endWord) << endShift == 0;
        return same && (endLength <= Long.BYTES || isRestOfEnd(source, at)) ? at + endLength : MISS;
    }

    private boolean isRestOfEnd(final Window source, final int at) {
        for (int i = Long.BYTES; i < endLength; i++) {
            if (source.byteAt(at + i) != (end[i] & 0xFF)) {
                return false;
            }
        }
        return true;
    }

    private int stop(final EventPiece piece, final int value) {
        stoppedPiece = piece;
        stoppedAt = value;
        return STOPPED;
    }

    /** The piece whose value is not plain. */
    EventPiece stoppedPiece() {
        return stoppedPiece;
    }

    /** Where that value begins, behind the quote if it is a string. */
    int stoppedAt() {
        return stoppedAt;
    }

    /** Whether a line feed is in the frame. None is in a value. */
    boolean hasLineFeed() {
        return lineFeed;
    }

    /** Begins to learn the event whose brace is there. What was learned before is gone. */
    void learn(final int brace) {
        learning = first;
        last = null;
        lineFeed = false;
        learnedTo = brace;
    }

    /**
     * Learns the next value of a field.
     *
     * @param start where it begins, behind the quote if it is a string
     * @param end the index behind it, at the quote if it is a string
     */
    void learnValue(final Window source, final EventField field, final int start, final int end, final boolean string) {
        if (learning == null || learning.next() == null || start - learnedTo > EventPiece.MAX_BYTES) {
            learning = null;
            return;
        }
        learning.learn(source, learnedTo, start, field, string);
        lineFeed |= hasLineFeed(source, learnedTo, start);
        last = learning;
        learning = learning.next();
        learnedTo = end;
    }

    /** Learns that the event gives no frame: a field has a value that is neither string nor number. */
    void learnNothing() {
        learning = null;
    }

    /** Learns where the event ends. Returns whether it gave a frame. */
    boolean learnEnd(final Window source, final int end) {
        endLength = end - learnedTo;
        if (learning == null || last == null || endLength > EventPiece.MAX_BYTES) {
            return false;
        }
        endWord = source.word(learnedTo);
        endShift = Math.max(0, Long.BYTES - endLength) << 3;
        for (int i = 0; i < endLength; i++) {
            this.end[i] = (byte) source.byteAt(learnedTo + i);
        }
        lineFeed |= hasLineFeed(source, learnedTo, end);
        return true;
    }

    private static boolean hasLineFeed(final Window source, final int from, final int to) {
        for (int i = from; i < to; i++) {
            if (source.byteAt(i) == '\n') {
                return true;
            }
        }
        return false;
    }
}
