package io.millrace.pipeline.event;

/** The bounds of an event's fields, in bytes of UTF-8. They are part of the contract and of the wire format. */
public final class EventLimits {
    /** Longest {@code user_id}. */
    public static final int MAX_USER_BYTES = 128;

    /** Longest {@code action}. */
    public static final int MAX_ACTION_BYTES = 128;

    /** Longest {@code element}. */
    public static final int MAX_ELEMENT_BYTES = 256;

    /** Longest {@code event_id}; an event without one has length zero here. */
    public static final int MAX_EVENT_ID_BYTES = 64;

    private EventLimits() {}
}
