package io.millrace.bench.decode;

/** How the same event may be written down. */
public enum JsonForm {
    /** As a tracker sends it: 87 bytes, the keys always in the same order. */
    CANONICAL,
    /** The keys in another order from event to event. */
    SHUFFLED,
    /** With escapes in user and element. */
    ESCAPED,
    /** With line breaks and indentation, as a pretty printer leaves them. */
    SPACED;

    private static final int[][] ORDERS = {{0, 1, 2, 3}, {3, 1, 0, 2}, {2, 3, 1, 0}, {1, 0, 3, 2}, {2, 0, 1, 3}};

    /**
     * Writes down an event.
     *
     * @param n the number of the event, which decides its values
     * @param timestampMillis epoch milliseconds
     */
    String write(final int n, final long timestampMillis) {
        final String[] actions = {"click", "hover", "focus", "enter"};
        final String user = "user-" + (10_000 + n * 7919 % 90_000);
        final String action = actions[n & 3];
        final String element = "btn-" + (100 + n * 31 % 900);
        return switch (this) {
            case CANONICAL -> join(n, 0, user, action, element, timestampMillis, "");
            case SHUFFLED -> join(n, n % ORDERS.length, user, action, element, timestampMillis, "");
            case ESCAPED ->
                join(n, 0, user.replace("-", "\\u002d"), action, element.replace("-", "\\/"), timestampMillis, "");
            case SPACED -> join(n, 0, user, action, element, timestampMillis, " ");
        };
    }

    private static String join(
            final int n,
            final int order,
            final String user,
            final String action,
            final String element,
            final long timestampMillis,
            final String space) {
        final String colon = ":" + space;
        final String[] members = {
            "\"user_id\"" + colon + '"' + user + '"',
            "\"action\"" + colon + '"' + action + '"',
            "\"element\"" + colon + '"' + element + '"',
            "\"timestamp\"" + colon + (timestampMillis + n)
        };
        // A line break would end the event in NDJSON; a carriage return is white space just as well.
        final String indent = space.isEmpty() ? "" : "\r    ";
        final StringBuilder text = new StringBuilder("{");
        for (int i = 0; i < members.length; i++) {
            text.append(i == 0 ? "" : ",").append(indent).append(members[ORDERS[order][i]]);
        }
        return text.append(space.isEmpty() ? "" : "\r").append('}').toString();
    }
}
