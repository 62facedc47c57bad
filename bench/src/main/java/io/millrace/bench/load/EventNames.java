package io.millrace.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * What users, actions and elements are called. Names have no character that JSON or a query would escape, and the same
 * length as far as they go: an event has 87 bytes of JSON, with a timestamp.
 */
public final class EventNames {
    private static final String[] FIRST_ACTIONS = {"click", "hover", "focus"};
    private static final int FIRST_USER = 10_000;
    private static final int FIRST_ELEMENT = 100;

    private final String prefix;

    public EventNames(final EventShape shape) {
        prefix = shape.userPrefix();
    }

    /** The k-th user, from 0. */
    public String user(final int k) {
        return prefix + (FIRST_USER + k);
    }

    /** The user of an event that has one of its own. */
    public String uniqueUser(final long event) {
        return prefix + event;
    }

    /** The k-th action, from 0. */
    public static String action(final int k) {
        return k < FIRST_ACTIONS.length ? FIRST_ACTIONS[k] : "act-" + k;
    }

    /** The k-th element, from 0. */
    public static String element(final int k) {
        return "btn-" + (FIRST_ELEMENT + k);
    }

    static byte[][] encode(final int count, final IntFunction<String> name) {
        return IntStream.range(0, count)
                .mapToObj(k -> name.apply(k).getBytes(US_ASCII))
                .toArray(byte[][]::new);
    }
}
