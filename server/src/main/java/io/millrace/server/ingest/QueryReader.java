package io.millrace.server.ingest;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * Finds the fields of an event in a query string. A parameter that comes twice has its last value, an empty one counts
 * as absent, an unknown one is ignored.
 */
final class QueryReader {
    private static final long AMPERSANDS = Swar.repeat('&');
    private static final long PERCENTS = Swar.repeat('%');
    private static final long PLUSES = Swar.repeat('+');
    private static final long SPACES = Swar.repeat(' ');

    /** No name that is longer with all its characters percent-encoded is one of ours. */
    private static final int MAX_ENCODED_NAME_BYTES = EventField.MAX_NAME_BYTES * 3;

    private final EventFields fields;
    private final UnsafeBuffer name = new UnsafeBuffer(new byte[MAX_ENCODED_NAME_BYTES]);

    QueryReader(final EventFields fields) {
        this.fields = fields;
    }

    /** Reads the query string {@code [0, limit)}, which has no question mark in front. */
    void read(final UnsafeBuffer source, final int limit) {
        fields.clear();
        int at = 0;
        while (at < limit) {
            at = readParameter(source, at, limit) + 1;
        }
    }

    /** Returns the index of the ampersand behind the parameter, or the limit. */
    private int readParameter(final UnsafeBuffer source, final int start, final int limit) {
        int at = start;
        boolean encoded = false;
        for (; at < limit; at++) {
            final int value = source.getByte(at);
            if (value == '=' || value == '&') {
                break;
            }
            encoded |= value == '%';
        }
        final EventField field =
                encoded ? encodedName(source, start, at) : EventField.aliased(source, start, at - start, limit);
        if (at == limit || source.getByte(at) == '&') {
            set(field, EventFields.PLAIN, at, at);
            return at;
        }
        return readValue(source, field, at + 1, limit);
    }

    private int readValue(final UnsafeBuffer source, final EventField field, final int start, final int limit) {
        int kind = EventFields.PLAIN;
        int at = start;
        while ((at = nextSpecial(source, at, limit)) < limit && source.getByte(at) != '&') {
            kind = EventFields.PERCENT;
            at++;
        }
        if (kind == EventFields.PLAIN && field == EventField.TIMESTAMP && Ascii.isInteger(source, start, at)) {
            kind = EventFields.INTEGER;
        }
        set(field, kind, start, at);
        return at;
    }

    private void set(final EventField field, final int kind, final int start, final int end) {
        if (field != null) {
            fields.set(field, start == end ? EventFields.ABSENT : kind, start, end);
        }
    }

    private EventField encodedName(final UnsafeBuffer source, final int start, final int end) {
        if (end - start > MAX_ENCODED_NAME_BYTES) {
            return null;
        }
        final int length = PercentEncoding.decodedLength(source, start, end);
        if (length == PercentEncoding.INVALID) {
            return null;
        }
        PercentEncoding.decode(source, start, end, name, 0);
        return EventField.aliased(name, 0, length, length);
    }

    /** The index of the next ampersand, or of a byte that makes decoding or validation necessary, or the limit. */
    private static int nextSpecial(final UnsafeBuffer source, final int from, final int limit) {
        for (int at = from; at < limit; at += Long.BYTES) {
            final long word = Swar.load(source, at, limit);
            final long controls = (word - SPACES) & ~word;
            final long marks = (Swar.zeroMarks(word ^ AMPERSANDS)
                            | Swar.zeroMarks(word ^ PERCENTS)
                            | Swar.zeroMarks(word ^ PLUSES)
                            | controls
                            | word)
                    & Swar.HIGHS;
            if (marks != 0) {
                // The zeros that fill the word behind the limit count as control characters: the limit is the most.
                return at + Swar.firstMark(marks);
            }
        }
        return limit;
    }
}
