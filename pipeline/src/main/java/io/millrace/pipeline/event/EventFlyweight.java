package io.millrace.pipeline.event;

import org.agrona.DirectBuffer;

/**
 * A movable view of one binary event in a buffer; copies nothing and owns nothing.
 *
 * <p>Not thread-safe: each thread has its own. The view is valid as long as the bytes under it are.
 */
public final class EventFlyweight {
    private DirectBuffer buffer;
    private int offset;
    private int userLength;
    private int actionLength;
    private int elementLength;
    private int eventIdLength;

    /**
     * Places the view on the event at {@code offset}, if it lies within {@code limit} and its lengths are within
     * {@link EventLimits}.
     *
     * @param limit the index after the last byte that may belong to the event
     * @return false if there is no well-formed event; the view is then not to be read
     */
    public boolean tryWrap(final DirectBuffer buffer, final int offset, final int limit) {
        if (limit - offset < EventLayout.HEADER_LENGTH) {
            return false;
        }
        this.buffer = buffer;
        this.offset = offset;
        final int lengths = EventLayout.lengths(buffer, offset);
        userLength = EventLayout.userLength(lengths);
        actionLength = EventLayout.actionLength(lengths);
        elementLength = EventLayout.elementLength(lengths);
        eventIdLength = EventLayout.eventIdLength(lengths);
        return userLength > 0
                && userLength <= EventLimits.MAX_USER_BYTES
                && actionLength > 0
                && actionLength <= EventLimits.MAX_ACTION_BYTES
                && eventIdLength <= EventLimits.MAX_EVENT_ID_BYTES
                && length() <= limit - offset;
    }

    /** The buffer that the view lies on. */
    public DirectBuffer buffer() {
        return buffer;
    }

    /** Where the event begins. */
    public int offset() {
        return offset;
    }

    /** Length of the whole event in bytes: the next one begins that far behind this one. */
    public int length() {
        return EventLayout.HEADER_LENGTH + userLength + actionLength + elementLength + eventIdLength;
    }

    /** Epoch milliseconds. */
    public long timestampMillis() {
        return EventLayout.timestampMillis(buffer, offset);
    }

    public int userOffset() {
        return offset + EventLayout.HEADER_LENGTH;
    }

    public int userLength() {
        return userLength;
    }

    public int actionOffset() {
        return userOffset() + userLength;
    }

    public int actionLength() {
        return actionLength;
    }

    public int elementOffset() {
        return actionOffset() + actionLength;
    }

    public int elementLength() {
        return elementLength;
    }

    public int eventIdOffset() {
        return elementOffset() + elementLength;
    }

    /** Zero if the event has no {@code event_id}. */
    public int eventIdLength() {
        return eventIdLength;
    }
}
