package io.millrace.bench.day;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.millrace.bench.load.EventNames;
import io.millrace.bench.load.EventShape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.IntFunction;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The line of an event, of which every one is as long as the next: it is written once, and from then on the words of eight
 * bytes change in which users, actions, elements and times differ.
 *
 * <pre>
 *   {"user_id":"user-12345","action":"click","element":"btn-123","timestamp":1790000000000}
 *                 └─ user ─┘          └action┘             └elem.─┘           └time 1┘
 *                                                                                  └time 2┘
 * </pre>
 *
 * <p>Immutable, thread-safe.
 */
final class EventLine {
    private static final String USER = "{\"user_id\":\"";
    private static final String ACTION = "\",\"action\":\"";
    private static final String ELEMENT = "\",\"element\":\"";
    private static final String TIMESTAMP = "\",\"timestamp\":";
    private static final int TIMESTAMP_DIGITS = 13;

    private final byte[] template;
    private final long[] users;
    private final long[] actions;
    private final long[] elements;
    private final int userAt;
    private final int actionAt;
    private final int elementAt;
    private final int timestampAt;

    /**
     * @throws IllegalArgumentException if names differ in length, or where they cannot be told by a word
     */
    EventLine(final EventShape shape) {
        final EventNames names = new EventNames(shape);
        final String line = USER + names.user(0) + ACTION + EventNames.action(0) + ELEMENT + EventNames.element(0)
                + TIMESTAMP + "0".repeat(TIMESTAMP_DIGITS) + "}\n";
        template = line.getBytes(US_ASCII);
        // The last eight bytes of a user's name, the first of an action or element with what follows it.
        userAt = USER.length() + names.user(0).length() - Long.BYTES;
        actionAt = line.indexOf(ACTION) + ACTION.length();
        elementAt = line.indexOf(ELEMENT) + ELEMENT.length();
        timestampAt = line.indexOf(TIMESTAMP) + TIMESTAMP.length();
        users = words(shape.users(), k -> USER + names.user(k), userAt, actionAt - ACTION.length());
        actions = words(
                shape.actions(),
                k -> line.substring(0, actionAt) + EventNames.action(k) + ELEMENT,
                actionAt,
                elementAt);
        elements = words(
                shape.elements(),
                k -> line.substring(0, elementAt) + EventNames.element(k) + TIMESTAMP,
                elementAt,
                timestampAt);
    }

    private static long[] words(final int count, final IntFunction<String> line, final int at, final int end) {
        final long[] words = new long[count];
        final String first = line.apply(0);
        for (int k = 0; k < count; k++) {
            final String each = line.apply(k);
            final boolean samePlace = each.length() == end
                    && each.substring(0, at).equals(first.substring(0, at))
                    && (at + Long.BYTES >= end
                            || each.substring(at + Long.BYTES).equals(first.substring(at + Long.BYTES)));
            if (!samePlace) {
                throw new IllegalArgumentException("cannot be told by eight bytes: " + each);
            }
            words[k] = word(each.getBytes(US_ASCII), at);
        }
        return words;
    }

    private static long word(final byte[] bytes, final int at) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getLong(at);
    }

    /** With its line feed. */
    int length() {
        return template.length;
    }

    /** Writes a line, of which {@link #set} and {@link #stamp} say the rest. */
    void put(final UnsafeBuffer buffer, final int offset) {
        buffer.putBytes(offset, template);
    }

    /** Sets whose event a line is, and which. */
    void set(final UnsafeBuffer buffer, final int offset, final int user, final int action, final int element) {
        buffer.putLong(offset + userAt, users[user]);
        buffer.putLong(offset + actionAt, actions[action]);
        buffer.putLong(offset + elementAt, elements[element]);
    }

    /** Sets the times of some lines, back to back. */
    void stamp(final UnsafeBuffer buffer, final int offset, final int lines, final long epochMillis) {
        final byte[] digits = Long.toString(epochMillis).getBytes(US_ASCII);
        final long head = word(digits, 0);
        final long tail = word(digits, TIMESTAMP_DIGITS - Long.BYTES);
        for (int i = 0, at = offset + timestampAt; i < lines; i++, at += template.length) {
            buffer.putLong(at, head);
            buffer.putLong(at + TIMESTAMP_DIGITS - Long.BYTES, tail);
        }
    }
}
