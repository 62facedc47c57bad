package io.millrace.pipeline.ship;

/**
 * The ID of an entry in a Redis stream, {@code <generation>-<sequence>}: where to read from, never what to count.
 *
 * @param generation the time part of the ID, counted up by the journal that writes the stream
 * @param sequence the sequence of the last event in the entry's block
 */
public record EntryId(long generation, long sequence) implements Comparable<EntryId> {
    /** The ID below every entry. */
    public static final EntryId ZERO = new EntryId(0, 0);

    @Override
    public int compareTo(final EntryId other) {
        final int byGeneration = Long.compareUnsigned(generation, other.generation);
        return byGeneration != 0 ? byGeneration : Long.compareUnsigned(sequence, other.sequence);
    }

    /** The form that Redis reads and writes. */
    @Override
    public String toString() {
        return Long.toUnsignedString(generation) + '-' + Long.toUnsignedString(sequence);
    }

    /**
     * Reads the form that {@link #toString()} writes.
     *
     * @throws NumberFormatException if the text is not {@code <number>-<number>}
     */
    public static EntryId parse(final String text) {
        final int dash = text.indexOf('-');
        if (dash < 0) {
            throw new NumberFormatException("not a stream entry ID: " + text);
        }
        return new EntryId(
                Long.parseUnsignedLong(text.substring(0, dash)), Long.parseUnsignedLong(text.substring(dash + 1)));
    }
}
