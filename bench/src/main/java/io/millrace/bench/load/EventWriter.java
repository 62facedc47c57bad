package io.millrace.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;

/**
 * Writes events as JSON objects or as the parameters of a query. All that can be is put together in advance: an event without
 * timestamp and id is three copies.
 *
 * <p>Not thread-safe; writing allocates nothing.
 */
final class EventWriter {
    private final EventShape shape;
    private final byte[][] users;
    private final byte[][] actions;
    private final byte[][] elements;
    private final byte[] uniqueUser;
    private final byte[] timestamp;
    private final byte[] eventId;
    private final byte[] afterEventId;
    private final byte[] end;

    EventWriter(final EventShape shape, final boolean json) {
        this.shape = shape;
        final EventNames names = new EventNames(shape);
        final String user = json ? "{\"user_id\":\"" : "u=";
        final String action = json ? "\",\"action\":\"" : "&a=";
        final String element = json ? "\",\"element\":\"" : "&e=";
        final String afterElement = json ? "\"" : "";
        users = EventNames.encode(shape.uniqueUsers() ? 0 : shape.users(), k -> user + names.user(k));
        uniqueUser = (user + shape.userPrefix()).getBytes(US_ASCII);
        actions = EventNames.encode(shape.actions(), k -> action + EventNames.action(k));
        elements = EventNames.encode(shape.elements(), k -> element + EventNames.element(k) + afterElement);
        timestamp = (json ? ",\"timestamp\":" : "&t=").getBytes(US_ASCII);
        // In base 36, so that id and number stay within the 64 bytes that an id may have.
        final String seed = Long.toUnsignedString(shape.seed(), Character.MAX_RADIX) + '-';
        eventId = ((json ? ",\"event_id\":\"" : "&eid=") + seed).getBytes(US_ASCII);
        afterEventId = afterElement.getBytes(US_ASCII);
        end = (json ? "}" : "").getBytes(US_ASCII);
    }

    /** Most bytes that an event takes. */
    int maxBytes() {
        final int user = Math.max(longest(users), uniqueUser.length + Digits.MAX_LENGTH);
        return user
                + longest(actions)
                + longest(elements)
                + timestamp.length
                + eventId.length
                + 2 * Digits.MAX_LENGTH
                + afterEventId.length
                + end.length;
    }

    private static int longest(final byte[][] names) {
        return Arrays.stream(names).mapToInt(name -> name.length).max().orElse(0);
    }

    /** Writes the event that the source stands at; returns where it ends. */
    int put(final byte[] out, final int offset, final EventSource event) {
        int at = offset;
        if (shape.uniqueUsers()) {
            at = put(out, at, uniqueUser);
            at = Digits.put(out, at, event.number());
        } else {
            at = put(out, at, users[event.user()]);
        }
        at = put(out, at, actions[event.action()]);
        at = put(out, at, elements[event.element()]);
        if (event.timestampMillis() > 0) {
            at = put(out, at, timestamp);
            at = Digits.put(out, at, event.timestampMillis());
        }
        if (shape.eventIds()) {
            at = put(out, at, eventId);
            at = Digits.put(out, at, event.number());
            at = put(out, at, afterEventId);
        }
        return put(out, at, end);
    }

    private static int put(final byte[] out, final int offset, final byte[] bytes) {
        System.arraycopy(bytes, 0, out, offset, bytes.length);
        return offset + bytes.length;
    }
}
