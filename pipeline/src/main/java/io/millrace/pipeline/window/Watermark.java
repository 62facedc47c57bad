package io.millrace.pipeline.window;

import io.millrace.pipeline.ship.EntryId;

/**
 * How far one stream has been folded into the windows: one row of {@code stream_watermarks}. Immutable.
 *
 * @param entry the last entry folded: where to read from
 * @param lastEvent the sequence of the last event folded or known to be lost: what to count
 * @param duplicates events that were not counted because their event_id had been
 * @param poisoned events that were set aside because PostgreSQL refused them
 * @param lost events that nobody holds any more
 */
public record Watermark(EntryId entry, long lastEvent, long duplicates, long poisoned, long lost) {
    /** Where every stream begins. */
    public static final Watermark START = new Watermark(EntryId.ZERO, 0, 0, 0, 0);
}
