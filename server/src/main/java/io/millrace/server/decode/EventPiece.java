package io.millrace.server.decode;

/**
 * A piece of an {@link EventFrame}: the bytes in front of one value, from the end of the value before, and which value that is.
 *
 * <p>The shortest has more than eight bytes (comma, name, quotes, colon), so that a head and a tail of eight cover most.
 */
final class EventPiece {
    /** The longest piece, in bytes. */
    static final int MAX_BYTES = 4 * Long.BYTES;

    /** What the value is. */
    enum Kind {
        /** A string that becomes a text of the event. */
        TEXT,
        /** A timestamp in digits. */
        MILLIS,
        /** Another string. */
        OTHER_STRING,
        /** Another number. */
        OTHER_NUMBER
    }

    private final EventPiece next;
    private Kind kind = Kind.TEXT;
    private EventField field = EventField.USER_ID;
    private int place;
    private int last;
    private int length;
    private long head;
    private long second;
    private long third;
    private long tail;

    EventPiece(final EventPiece next) {
        this.next = next;
    }

    /**
     * Makes it the piece that stands there.
     *
     * @param value where its value begins, behind the quote of a string
     */
    void learn(final Window source, final int start, final int value, final EventField field, final boolean string) {
        if (field == EventField.TIMESTAMP) {
            kind = string ? Kind.OTHER_STRING : Kind.MILLIS;
        } else {
            kind = string ? Kind.TEXT : Kind.OTHER_NUMBER;
        }
        this.field = field;
        place = EventDraft.place(field);
        last = EventDraft.last(field);
        length = value - start;
        head = source.word(start);
        second = source.word(start + Long.BYTES);
        third = source.word(start + 2 * Long.BYTES);
        tail = source.word(value - Long.BYTES);
    }

    /**
     * Whether the piece stands there.
     *
     * @param source the address of a window
     * @param at not negative
     * @param limit the window's
     */
    boolean matches(final long source, final int at, final int limit) {
        return at <= limit - length
                && ((Memory.getWord(source, at, limit) ^ head)
                                | (Memory.getWord(source, at + length - Long.BYTES, limit) ^ tail))
                        == 0
                && (length <= 2 * Long.BYTES || middleMatches(source, at, limit));
    }

    private boolean middleMatches(final long source, final int at, final int limit) {
        return Memory.getWord(source, at + Long.BYTES, limit) == second
                && (length <= 3 * Long.BYTES || Memory.getWord(source, at + 2 * Long.BYTES, limit) == third);
    }

    /** The piece behind the value, or null. */
    EventPiece next() {
        return next;
    }

    Kind kind() {
        return kind;
    }

    /** Whether the value is a string, else it is a number. */
    boolean isString() {
        return kind == Kind.TEXT || kind == Kind.OTHER_STRING;
    }

    EventField field() {
        return field;
    }

    /** {@link EventDraft#place} of the field. */
    int place() {
        return place;
    }

    /** {@link EventDraft#last} of the field. */
    int last() {
        return last;
    }

    /** In bytes. */
    int length() {
        return length;
    }
}
