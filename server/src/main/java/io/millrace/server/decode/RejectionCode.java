package io.millrace.server.decode;

import io.millrace.pipeline.event.EventLimits;
import java.util.Locale;

/** Why an event was not taken. The codes are part of the contract of the ingest port. */
public enum RejectionCode {
    MISSING_USER_ID("user_id is required"),
    MISSING_ACTION("action is required"),
    MISSING_ELEMENT("element is required"),
    INVALID_USER_ID("user_id must be an integer, or a non-empty string of valid UTF-8 without U+0000"),
    INVALID_ACTION("action must be a non-empty string of valid UTF-8 without U+0000"),
    INVALID_ELEMENT("element must be a non-empty string of valid UTF-8 without U+0000"),
    INVALID_TIMESTAMP("timestamp must be epoch milliseconds as an integer, or ISO-8601 with an offset"),
    INVALID_EVENT_ID("event_id must be a non-empty string of valid UTF-8 without U+0000"),
    TOO_LONG_USER_ID("user_id must be at most " + EventLimits.MAX_USER_BYTES + " bytes of UTF-8"),
    TOO_LONG_ACTION("action must be at most " + EventLimits.MAX_ACTION_BYTES + " bytes of UTF-8"),
    TOO_LONG_ELEMENT("element must be at most " + EventLimits.MAX_ELEMENT_BYTES + " bytes of UTF-8"),
    TOO_LONG_EVENT_ID("event_id must be at most " + EventLimits.MAX_EVENT_ID_BYTES + " bytes of UTF-8"),
    TIMESTAMP_TOO_OLD("timestamp is older than events are accepted or kept"),
    INVALID_ACK("ack must be a level that this server gives"),
    INVALID_EVENT("an event must be a JSON object"),
    INVALID_JSON("the text must be valid JSON in UTF-8, nested at most " + EventDecoder.MAX_DEPTH + " deep");

    private final String code;
    private final String message;

    RejectionCode(final String message) {
        this.code = name().toLowerCase(Locale.ROOT);
        this.message = message;
    }

    /** The code as clients see it, for example {@code missing_user_id}. */
    public String code() {
        return code;
    }

    /** One sentence that says what must hold, with the bound. Needs no escaping in JSON. */
    public String message() {
        return message;
    }
}
