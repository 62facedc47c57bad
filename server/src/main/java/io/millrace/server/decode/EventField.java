package io.millrace.server.decode;

import io.millrace.pipeline.event.EventLimits;

/** The fields of an event, in the order in which their faults are reported. */
enum EventField {
    USER_ID(
            EventLimits.MAX_USER_BYTES,
            RejectionCode.MISSING_USER_ID,
            RejectionCode.INVALID_USER_ID,
            RejectionCode.TOO_LONG_USER_ID),
    ACTION(
            EventLimits.MAX_ACTION_BYTES,
            RejectionCode.MISSING_ACTION,
            RejectionCode.INVALID_ACTION,
            RejectionCode.TOO_LONG_ACTION),
    ELEMENT(
            EventLimits.MAX_ELEMENT_BYTES,
            RejectionCode.MISSING_ELEMENT,
            RejectionCode.INVALID_ELEMENT,
            RejectionCode.TOO_LONG_ELEMENT),
    TIMESTAMP(Timestamps.MAX_BYTES, null, RejectionCode.INVALID_TIMESTAMP, RejectionCode.INVALID_TIMESTAMP),
    EVENT_ID(EventLimits.MAX_EVENT_ID_BYTES, null, RejectionCode.INVALID_EVENT_ID, RejectionCode.TOO_LONG_EVENT_ID);

    /** The longest name, in bytes. */
    static final int MAX_NAME_BYTES = 9;

    private static final long USER_ID_WORD = word("user_id");
    private static final long ACTION_WORD = word("action");
    private static final long ELEMENT_WORD = word("element");
    private static final long TIMESTAMP_WORD = word("timestam");
    private static final long EVENT_ID_WORD = word("event_id");
    private static final long EVENT_ID_ALIAS_WORD = word("eid");

    private final int maxBytes;
    private final RejectionCode missing;
    private final RejectionCode invalid;
    private final RejectionCode tooLong;

    EventField(
            final int maxBytes, final RejectionCode missing, final RejectionCode invalid, final RejectionCode tooLong) {
        this.maxBytes = maxBytes;
        this.missing = missing;
        this.invalid = invalid;
        this.tooLong = tooLong;
    }

    int maxBytes() {
        return maxBytes;
    }

    /** Null for an optional field. */
    RejectionCode missing() {
        return missing;
    }

    RejectionCode invalid() {
        return invalid;
    }

    RejectionCode tooLong() {
        return tooLong;
    }

    /** The field of that name, or null. */
    static EventField named(final Window text, final int start, final int length) {
        if (length < 6 || length > MAX_NAME_BYTES) {
            return null;
        }
        final long word = text.word(start);
        return switch (length) {
            case 6 -> (word & 0xFFFFFFFFFFFFL) == ACTION_WORD ? ACTION : null;
            case 7 -> ofSeven(word & 0xFFFFFFFFFFFFFFL);
            case 8 -> word == EVENT_ID_WORD ? EVENT_ID : null;
            default -> word == TIMESTAMP_WORD && text.byteAt(start + 8) == 'p' ? TIMESTAMP : null;
        };
    }

    /** The field of that name or of that short name, as a query string may use, or null. */
    static EventField aliased(final Window text, final int start, final int length) {
        if (length == 1) {
            return switch (text.byteAt(start)) {
                case 'u' -> USER_ID;
                case 'a' -> ACTION;
                case 'e' -> ELEMENT;
                case 't' -> TIMESTAMP;
                default -> null;
            };
        }
        if (length == 3) {
            return (text.word(start) & 0xFFFFFFL) == EVENT_ID_ALIAS_WORD ? EVENT_ID : null;
        }
        return named(text, start, length);
    }

    private static EventField ofSeven(final long word) {
        return word == USER_ID_WORD ? USER_ID : word == ELEMENT_WORD ? ELEMENT : null;
    }

    private static long word(final String name) {
        long word = 0L;
        for (int i = name.length() - 1; i >= 0; i--) {
            word = (word << Byte.SIZE) | name.charAt(i);
        }
        return word;
    }
}
