package io.millrace.server.ingest;

/**
 * Where the values of one event's fields lie in the source, and in which form: what a scanner found and
 * {@link EventEncoder} judges. Set twice, a field keeps the later value.
 */
final class EventFields {
    /** The field is not there. */
    static final int ABSENT = 0;

    /** JSON {@code null}. */
    static final int NULL = 1;

    /** Well-formed UTF-8 without U+0000 that stands in the source as it is. */
    static final int PLAIN = 2;

    /** The inside of a JSON string with at least one escape; its bytes are well-formed UTF-8, its escapes well formed. */
    static final int ESCAPED = 3;

    /** A value of a query string that needs decoding; nothing is known of its bytes. */
    static final int PERCENT = 4;

    /** A JSON integer: {@code -?(0|[1-9][0-9]*)}. */
    static final int INTEGER = 5;

    /** A value of another type, or a string that is not well-formed UTF-8. */
    static final int INVALID = 6;

    private static final int COUNT = EventField.values().length;

    private final int[] kinds = new int[COUNT];
    private final int[] starts = new int[COUNT];
    private final int[] ends = new int[COUNT];

    void clear() {
        for (int i = 0; i < COUNT; i++) {
            kinds[i] = ABSENT;
        }
    }

    void set(final EventField field, final int kind, final int start, final int end) {
        final int i = field.ordinal();
        kinds[i] = kind;
        starts[i] = start;
        ends[i] = end;
    }

    int kind(final EventField field) {
        return kinds[field.ordinal()];
    }

    int start(final EventField field) {
        return starts[field.ordinal()];
    }

    int end(final EventField field) {
        return ends[field.ordinal()];
    }
}
