package io.millrace.server.admin;

import io.millrace.pipeline.Progress;
import io.millrace.pipeline.window.Watermark;
import io.millrace.storage.postgres.query.StreamTotals;
import java.time.Instant;

/**
 * The books of one stream. All are counts of events since the stream began.
 *
 * @param local whether its journal is in this process; of others only PostgreSQL tells
 * @param accepted events that the journal has taken
 * @param streamed events that Redis has confirmed, lost ones included
 * @param stored events that PostgreSQL has accounted for, lost ones not included
 * @param counted of the stored ones, how many were added to a window
 * @param duplicates of the stored ones, how many were not counted because their event_id had been
 * @param poisoned of the stored ones, how many were set aside because PostgreSQL refused them
 * @param lost events that nobody holds any more
 * @param updatedAt when PostgreSQL last heard of the stream; null if it never has, or was not asked
 */
public record StreamLedger(
        String stream,
        boolean local,
        long accepted,
        long streamed,
        long stored,
        long counted,
        long duplicates,
        long poisoned,
        long lost,
        Instant updatedAt) {
    /** Events on their way from the journal to PostgreSQL. Below 0 only if PostgreSQL has what was never accepted. */
    public long inFlight() {
        return accepted - stored - lost;
    }

    /** By how many events more are stored than are accounted for: 0 in books that balance. */
    public long difference() {
        return stored - counted - duplicates - poisoned;
    }

    /** Whether the books of this stream balance by themselves. */
    public boolean isBalanced() {
        return inFlight() >= 0 && difference() == 0;
    }

    /**
     * The books of a stream whose journal is here.
     *
     * @param totals what PostgreSQL knows, read before {@code progress}; null if it knows nothing
     */
    static StreamLedger local(final String stream, final Progress progress, final StreamTotals totals) {
        final Watermark watermark = totals == null ? Watermark.START : totals.watermark();
        // Read from the far end: what had got this far had got further up by the time that is read.
        final long stored = watermark.lastEvent();
        final long streamed = Math.max(progress.streamed(), stored);
        final long accepted = progress.accepted();
        return new StreamLedger(
                stream,
                true,
                accepted,
                streamed,
                stored - watermark.lost(),
                watermark.counted(),
                watermark.duplicates(),
                watermark.poisoned(),
                watermark.lost(),
                totals == null ? null : totals.updatedAt());
    }

    /** The books of a stream whose journal is elsewhere, or gone: what PostgreSQL has is all that is known. */
    static StreamLedger remote(final StreamTotals totals) {
        final Watermark watermark = totals.watermark();
        return new StreamLedger(
                totals.stream(),
                false,
                watermark.lastEvent(),
                watermark.lastEvent(),
                watermark.lastEvent() - watermark.lost(),
                watermark.counted(),
                watermark.duplicates(),
                watermark.poisoned(),
                watermark.lost(),
                totals.updatedAt());
    }

    /** The books of a local stream as far as they can be kept without PostgreSQL. */
    static StreamLedger withoutStore(final String stream, final Progress progress) {
        final long stored = progress.stored();
        final long streamed = Math.max(progress.streamed(), stored);
        final long accepted = progress.accepted();
        // What became of the stored ones only PostgreSQL knows.
        return new StreamLedger(stream, true, accepted, streamed, stored, stored, 0, 0, 0, null);
    }
}
