package io.millrace.bench.evolution.architecture;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Map;

/**
 * An event.
 *
 * @param timestampMillis epoch milliseconds
 */
record Event(String userId, String action, String element, long timestampMillis) {
    static final String USER_ID = "user_id";
    static final String ACTION = "action";
    static final String ELEMENT = "element";
    static final String TIMESTAMP = "timestamp";

    private static final JsonFactory JSON = new JsonFactory();

    /**
     * Reads a JSON object; without a timestamp the event has the time that it is now.
     *
     * @throws IOException if it is no event
     */
    static Event parse(final byte[] json) throws IOException {
        String userId = null;
        String action = null;
        String element = null;
        long timestampMillis = System.currentTimeMillis();
        try (JsonParser parser = JSON.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("no object");
            }
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                parser.nextToken();
                switch (name) {
                    case USER_ID -> userId = parser.getText();
                    case ACTION -> action = parser.getText();
                    case ELEMENT -> element = parser.getText();
                    case TIMESTAMP -> timestampMillis = parser.getLongValue();
                    default -> parser.skipChildren();
                }
            }
        }
        if (userId == null || action == null || element == null) {
            throw new IOException("no " + (userId == null ? USER_ID : action == null ? ACTION : ELEMENT));
        }
        return new Event(userId, action, element, timestampMillis);
    }

    /** As the fields of an entry in a stream. */
    Map<String, String> fields() {
        return Map.of(USER_ID, userId, ACTION, action, ELEMENT, element, TIMESTAMP, Long.toString(timestampMillis));
    }

    static Event of(final Map<String, String> fields) {
        return new Event(
                fields.get(USER_ID), fields.get(ACTION), fields.get(ELEMENT), Long.parseLong(fields.get(TIMESTAMP)));
    }
}
