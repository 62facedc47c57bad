package io.millrace.pipeline.window;

import io.millrace.pipeline.ship.EntryId;

/**
 * How far one stream has been folded into the windows, and what became of its events: one row of
 * {@code stream_watermarks}. Immutable.
 *
 * <p>The books of the stream balance if {@code lastEvent = counted + duplicates + poisoned + lost}. Each of these is
 * counted where it happens; none is made up from the others.
 *
 * @param entry the last entry folded: where to read from
 * @param lastEvent the sequence of the last event folded or known to be lost: what to count
 * @param counted events that were added to a window
 * @param duplicates events that were not counted because their event_id had been
 * @param poisoned events that were set aside because PostgreSQL refused them
 * @param lost events that nobody holds any more
 */
public record Watermark(EntryId entry, long lastEvent, long counted, long duplicates, long poisoned, long lost) {
    /** Where every stream begins. */
    public static final Watermark START = new Watermark(EntryId.ZERO, 0, 0, 0, 0, 0);

    /** By how many events more were passed than are accounted for: 0 in books that balance. */
    public long difference() {
        return lastEvent - counted - duplicates - poisoned - lost;
    }

    /** The same watermark, with more events that were counted or found to be duplicates. */
    Watermark plus(final long moreCounted, final long moreDuplicates) {
        return new Watermark(entry, lastEvent, counted + moreCounted, duplicates + moreDuplicates, poisoned, lost);
    }

    /** The same watermark, with events that were to be counted set aside instead. */
    public Watermark setAside(final long events) {
        return new Watermark(entry, lastEvent, counted - events, duplicates, poisoned + events, lost);
    }
}
