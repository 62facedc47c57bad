package io.millrace.server.ingest;

import io.millrace.pipeline.event.EventLayout;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Judges the fields that a reader found and writes the event, if it is sound.
 *
 * <p>All lengths are known before the first byte is written: a rejected event leaves no trace, and an event never takes
 * more room than its final length, not even while it is written.
 *
 * <p>Of several faults the first in the order of {@link EventField} is reported; within a field, missing before invalid
 * before too long.
 */
final class EventEncoder {
    private static final int INVALID = -1;

    private final long maxAgeMillis;
    private final long maxAheadMillis;
    private final TimestampField timestamps = new TimestampField();

    // What the checks found out about the event at hand; not in an object that the JIT might fail to dissolve.
    private int userLength;
    private int actionLength;
    private int elementLength;
    private int eventIdLength;
    private long timestampMillis;
    private boolean clamped;

    EventEncoder(final long maxAgeMillis, final long maxAheadMillis) {
        this.maxAgeMillis = maxAgeMillis;
        this.maxAheadMillis = maxAheadMillis;
    }

    /**
     * Writes the event behind those that {@code result} counts already, or rejects it there.
     *
     * @param receivedMillis the time of receipt in epoch milliseconds
     */
    void encode(
            final UnsafeBuffer source,
            final EventFields fields,
            final long receivedMillis,
            final UnsafeBuffer sink,
            final DecodeResult result) {
        RejectionCode fault = checkRequired(source, fields);
        if (fault == null) {
            fault = checkTimestamp(source, fields, receivedMillis);
        }
        if (fault == null) {
            fault = checkEventId(source, fields);
        }
        if (fault == null) {
            result.accept(put(source, fields, sink, result.encodedBytes()), clamped);
        } else {
            result.reject(fault);
        }
    }

    private RejectionCode checkRequired(final UnsafeBuffer source, final EventFields fields) {
        userLength = textLength(source, fields, EventField.USER_ID);
        RejectionCode fault = fault(fields, EventField.USER_ID, userLength);
        if (fault == null) {
            actionLength = textLength(source, fields, EventField.ACTION);
            fault = fault(fields, EventField.ACTION, actionLength);
        }
        if (fault == null) {
            elementLength = textLength(source, fields, EventField.ELEMENT);
            fault = fault(fields, EventField.ELEMENT, elementLength);
        }
        return fault;
    }

    private RejectionCode checkTimestamp(
            final UnsafeBuffer source, final EventFields fields, final long receivedMillis) {
        timestampMillis = receivedMillis;
        clamped = false;
        if (!isPresent(fields, EventField.TIMESTAMP)) {
            return null;
        }
        final long givenMillis = timestamps.resolve(source, fields);
        if (givenMillis == TimestampField.INVALID) {
            return RejectionCode.INVALID_TIMESTAMP;
        }
        // Behind the first test both are not negative, so that their differences cannot overflow.
        if (givenMillis < 0 || receivedMillis - givenMillis > maxAgeMillis) {
            return RejectionCode.TIMESTAMP_TOO_OLD;
        }
        clamped = givenMillis - receivedMillis > maxAheadMillis;
        if (!clamped) {
            timestampMillis = givenMillis;
        }
        return null;
    }

    private RejectionCode checkEventId(final UnsafeBuffer source, final EventFields fields) {
        eventIdLength = 0;
        if (!isPresent(fields, EventField.EVENT_ID)) {
            return null;
        }
        eventIdLength = textLength(source, fields, EventField.EVENT_ID);
        return fault(fields, EventField.EVENT_ID, eventIdLength);
    }

    /** Returns the length of the event in bytes. */
    private int put(final UnsafeBuffer source, final EventFields fields, final UnsafeBuffer sink, final int offset) {
        final int length = EventLayout.putHeader(
                sink, offset, timestampMillis, userLength, actionLength, elementLength, eventIdLength);
        int at = offset + EventLayout.HEADER_LENGTH;
        at = putText(source, fields, EventField.USER_ID, sink, at);
        at = putText(source, fields, EventField.ACTION, sink, at);
        at = putText(source, fields, EventField.ELEMENT, sink, at);
        if (eventIdLength > 0) {
            putText(source, fields, EventField.EVENT_ID, sink, at);
        }
        return length;
    }

    /** An optional field that is {@code null} counts as absent. */
    private static boolean isPresent(final EventFields fields, final EventField field) {
        return fields.kind(field) > EventFields.NULL;
    }

    private static RejectionCode fault(final EventFields fields, final EventField field, final int length) {
        if (length > 0) {
            return length <= field.maxBytes() ? null : field.tooLong();
        }
        return fields.kind(field) == EventFields.ABSENT ? field.missing() : field.invalid();
    }

    private static int textLength(final UnsafeBuffer source, final EventFields fields, final EventField field) {
        final int start = fields.start(field);
        final int end = fields.end(field);
        return switch (fields.kind(field)) {
            case EventFields.PLAIN -> end - start;
            case EventFields.ESCAPED -> JsonString.unescapedLength(source, start, end);
            case EventFields.PERCENT -> PercentEncoding.decodedLength(source, start, end);
            case EventFields.INTEGER -> field == EventField.USER_ID ? end - start : INVALID;
            default -> INVALID;
        };
    }

    /** Returns the index behind the text, whose length {@link #textLength} gave. */
    private static int putText(
            final UnsafeBuffer source,
            final EventFields fields,
            final EventField field,
            final UnsafeBuffer sink,
            final int at) {
        final int start = fields.start(field);
        final int end = fields.end(field);
        return switch (fields.kind(field)) {
            case EventFields.ESCAPED -> JsonString.unescape(source, start, end, sink, at);
            case EventFields.PERCENT -> PercentEncoding.decode(source, start, end, sink, at);
            default -> Swar.copy(source, start, sink, at, end - start);
        };
    }
}
