package io.millrace.server.decode;

/**
 * Recognises the name of a field written as a tracker writes it, {@code "name":} without white space and escapes, by two
 * loads and two comparisons. Whatever else stands there is the scanner's to read.
 *
 * <p>The fourth letter tells the names apart: it leads to the one name that may be meant, without a branch that a predictor
 * could miss when the order of the fields varies ({@code JsonBenchmark}, form SHUFFLED).
 */
final class FieldNames {
    /** Returned by {@link #match} if none of the names stands there in that form. */
    static final int NONE = -1;

    private static final int SLOTS = 16;
    private static final int FOURTH_LETTER_SHIFT = 4 * Byte.SIZE;

    private static final EventField[] FIELDS = new EventField[SLOTS];
    private static final long[] HEADS = new long[SLOTS];
    private static final long[] TAILS = new long[SLOTS];
    private static final int[] LENGTHS = new int[SLOTS];

    static {
        add(EventField.USER_ID, "\"user_id\":");
        add(EventField.ACTION, "\"action\":");
        add(EventField.ELEMENT, "\"element\":");
        add(EventField.TIMESTAMP, "\"timestamp\":");
        add(EventField.EVENT_ID, "\"event_id\":");
    }

    private FieldNames() {}

    /**
     * Looks for a name, its quotes and its colon.
     *
     * @param index where a quote is
     * @return the slot of the name, or {@link #NONE}
     */
    static int match(final Window source, final int index) {
        final long head = source.word(index);
        final int slot = slot(head);
        // What the limit cuts off is zero, and no name has zeros.
        return head == HEADS[slot] && source.word(index + LENGTHS[slot] - Long.BYTES) == TAILS[slot] ? slot : NONE;
    }

    static EventField field(final int slot) {
        return FIELDS[slot];
    }

    /** Bytes from the opening quote to the colon, both included. */
    static int length(final int slot) {
        return LENGTHS[slot];
    }

    private static int slot(final long head) {
        return (int) (head >>> FOURTH_LETTER_SHIFT) & (SLOTS - 1);
    }

    private static void add(final EventField field, final String text) {
        long head = 0L;
        for (int i = Long.BYTES - 1; i >= 0; i--) {
            head = (head << Byte.SIZE) | text.charAt(i);
        }
        long tail = 0L;
        for (int i = 1; i <= Long.BYTES; i++) {
            tail = (tail << Byte.SIZE) | text.charAt(text.length() - i);
        }
        final int slot = slot(head);
        if (FIELDS[slot] != null) {
            throw new IllegalStateException("two names of one slot: " + FIELDS[slot] + " and " + field);
        }
        FIELDS[slot] = field;
        HEADS[slot] = head;
        TAILS[slot] = tail;
        LENGTHS[slot] = text.length();
    }
}
