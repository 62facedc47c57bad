package io.millrace.server.decode;

/**
 * Judges a draft and writes the event, if it is sound: a rejected one leaves no trace.
 *
 * <p>Of several faults the first in the order of {@link EventField} is reported; within a field, missing before invalid
 * before too long.
 */
final class EventEncoder {
    private final long maxAgeMillis;
    private final long maxAheadMillis;

    EventEncoder(final long maxAgeMillis, final long maxAheadMillis) {
        this.maxAgeMillis = maxAgeMillis;
        this.maxAheadMillis = maxAheadMillis;
    }

    /**
     * Writes the event behind those that {@code result} counts already, or rejects it there.
     *
     * @param receivedMillis the time of receipt in epoch milliseconds
     */
    void encode(final EventDraft draft, final long receivedMillis, final Claim claim, final DecodeResult result) {
        final RejectionCode fault = fault(draft, receivedMillis);
        if (fault != null) {
            result.reject(fault);
            return;
        }
        long timestampMillis = receivedMillis;
        boolean clamped = false;
        if (isPresent(draft, EventField.TIMESTAMP)) {
            clamped = draft.timestampMillis() - receivedMillis > maxAheadMillis;
            timestampMillis = clamped ? receivedMillis : draft.timestampMillis();
        }
        result.accept(claim.put(result.encodedBytes(), draft, timestampMillis), clamped);
    }

    private RejectionCode fault(final EventDraft draft, final long receivedMillis) {
        RejectionCode fault = fault(draft, EventField.USER_ID);
        if (fault == null) {
            fault = fault(draft, EventField.ACTION);
        }
        if (fault == null) {
            fault = fault(draft, EventField.ELEMENT);
        }
        if (fault == null && isPresent(draft, EventField.TIMESTAMP)) {
            fault = timestampFault(draft, receivedMillis);
        }
        if (fault == null && isPresent(draft, EventField.EVENT_ID)) {
            fault = fault(draft, EventField.EVENT_ID);
        }
        return fault;
    }

    private static RejectionCode fault(final EventDraft draft, final EventField field) {
        final int length = draft.length(field);
        if (length > 0) {
            return length <= field.maxBytes() ? null : field.tooLong();
        }
        return length == EventDraft.ABSENT ? field.missing() : field.invalid();
    }

    private RejectionCode timestampFault(final EventDraft draft, final long receivedMillis) {
        final long millis = draft.timestampMillis();
        if (draft.length(EventField.TIMESTAMP) == EventDraft.INVALID || millis == Timestamps.INVALID) {
            return RejectionCode.INVALID_TIMESTAMP;
        }
        // Behind the first test both are not negative, so that their difference cannot overflow.
        return millis < 0 || receivedMillis - millis > maxAgeMillis ? RejectionCode.TIMESTAMP_TOO_OLD : null;
    }

    /** An optional field that is {@code null} counts as absent. */
    private static boolean isPresent(final EventDraft draft, final EventField field) {
        final int length = draft.length(field);
        return length != EventDraft.ABSENT && length != EventDraft.NULL;
    }
}
