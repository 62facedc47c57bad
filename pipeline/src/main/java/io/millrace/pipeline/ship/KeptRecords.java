package io.millrace.pipeline.ship;

import io.millrace.pipeline.Delayed;
import io.millrace.pipeline.Progress;
import io.millrace.pipeline.journal.JournalReader;

/**
 * Frees a journal's records, as late as there is room for.
 *
 * <p>A record goes some time after the window store has it, which may yet go back to a past state. In a journal more than half
 * full it goes at once then, and before that if what the stream store has confirmed outlives its crashes.
 *
 * <p>Used by one thread only, the shipper.
 */
final class KeptRecords {
    private final JournalReader reader;
    private final Progress progress;
    private final Delayed<Long> kept;
    private long lastStored;
    private long keptSequence;

    /**
     * Makes it for one journal.
     *
     * @param keepNanos how long records stay that the window store has
     */
    KeptRecords(final JournalReader reader, final Progress progress, final long keepNanos) {
        this.reader = reader;
        this.progress = progress;
        kept = new Delayed<>(keepNanos);
    }

    /** Notes how far the window store has got. */
    void note(final long nowNanos) {
        final long stored = progress.stored();
        if (stored != lastStored) {
            lastStored = stored;
            kept.add(stored, nowNanos);
        }
        final Long due = kept.poll(nowNanos);
        if (due != null) {
            keptSequence = due;
        }
    }

    /**
     * Frees what may go.
     *
     * @param durable whether what the stream store has confirmed outlives its crashes
     * @return bytes freed
     */
    long free(final boolean durable) {
        if (reader.usedBytes() <= reader.capacityBytes() / 2) {
            return reader.free(safeSequence());
        }
        return reader.free(Math.max(progress.stored(), durable ? progress.streamed() : 0));
    }

    /** Up to here the window store has had everything for long enough, and still has. */
    long safeSequence() {
        return Math.min(keptSequence, progress.stored());
    }
}
