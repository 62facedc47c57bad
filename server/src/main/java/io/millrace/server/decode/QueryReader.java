package io.millrace.server.decode;

/**
 * Finds the fields of an event in a query string. A parameter that comes twice has its last value, an empty one counts
 * as absent, an unknown one is ignored.
 */
final class QueryReader {
    private final Window source;
    private final EventDraft draft;
    private final PercentString string;

    private boolean others;

    QueryReader(final Window source, final EventDraft draft) {
        this.source = source;
        this.draft = draft;
        string = new PercentString(source, draft);
    }

    /**
     * Reads the query string, which has no question mark in front.
     *
     * @return whether there are parameters in it that are no field of an event
     */
    boolean read() {
        draft.clear();
        others = false;
        final int limit = source.limit();
        int at = 0;
        while (at < limit) {
            at = readParameter(at) + 1;
        }
        return others;
    }

    /** Returns the index of the ampersand behind the parameter, or the limit. */
    private int readParameter(final int start) {
        final int end = string.read(start, '=', EventDraft.ASIDE, EventDraft.ASIDE + EventField.MAX_NAME_BYTES);
        final EventField field =
                string.isText() ? EventField.aliased(draft.window(), EventDraft.ASIDE, string.length()) : null;
        // Without an equals sign there is an empty value.
        final int value = source.byteAt(end) == '=' ? end + 1 : end;
        if (field == null) {
            others = true;
            return string.read(value, '&', EventDraft.ASIDE, EventDraft.ASIDE);
        }
        final int place = EventDraft.place(field);
        final int next = string.read(value, '&', place, EventDraft.last(field));
        if (next == value) {
            draft.set(field, EventDraft.ABSENT);
        } else if (!string.isText()) {
            draft.set(field, EventDraft.INVALID);
        } else if (field == EventField.TIMESTAMP) {
            draft.setTimestamp(timestamp(value, next, place));
        } else {
            draft.set(field, string.length());
        }
        return next;
    }

    private long timestamp(final int start, final int end, final int place) {
        if (Ascii.isInteger(source, start, end)) {
            return Timestamps.ofInteger(source, start, end);
        }
        final int length = string.length();
        if (length > Timestamps.MAX_BYTES) {
            return Timestamps.INVALID;
        }
        final Window text = draft.window();
        if (Ascii.isInteger(text, place, place + length)) {
            return Timestamps.ofInteger(text, place, place + length);
        }
        // The plus sign of an offset that was not encoded arrives as a space. No other place of a timestamp has either.
        for (int i = place; i < place + length; i++) {
            if (text.byteAt(i) == ' ') {
                draft.putByte(i, (byte) '+');
            }
        }
        return Timestamps.parse(text, place, length);
    }
}
