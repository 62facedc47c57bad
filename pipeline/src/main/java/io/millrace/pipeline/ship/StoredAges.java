package io.millrace.pipeline.ship;

import io.millrace.pipeline.Progress;
import org.HdrHistogram.SingleWriterRecorder;

/**
 * How old the events of a journal were when the window store had them: from accept to commit, of each event, in nanoseconds.
 *
 * <p>Nobody stamps events for this. Whoever looks from time to time sees how many have been accepted and how many are stored; what
 * is new was accepted since the look before, and is taken to be as old as that.
 *
 * <ol>
 *   <li>{@link #look} belongs to one thread, the shipper's; the recorder may be read by another.
 *   <li>An age is never less than the truth. It is more by at most the time between two looks at its beginning and the time between
 *       two looks at its end, as long as there are no more than {@value #MAX_SAMPLES} looks in an age.
 *   <li>An event is recorded once, even if the store goes back to a past state. What the journal held when it was opened is not.
 * </ol>
 */
final class StoredAges {
    static final int MAX_SAMPLES = 1024;

    private static final int SIGNIFICANT_DIGITS = 2;

    private final Progress progress;
    private final SingleWriterRecorder ages = new SingleWriterRecorder(SIGNIFICANT_DIGITS);

    /** Rings: the last event of a sample, and since when at the longest its events have been there. */
    private final long[] lasts = new long[MAX_SAMPLES];

    private final long[] sincesNanos = new long[MAX_SAMPLES];
    private int first;
    private int size;
    private long lastLookNanos;
    private long lastAccepted;
    private long lastStored;

    StoredAges(final Progress progress, final long nowNanos) {
        this.progress = progress;
        lastLookNanos = nowNanos;
        lastAccepted = progress.accepted();
        lastStored = lastAccepted;
    }

    /** The ages in nanoseconds. */
    SingleWriterRecorder nanos() {
        return ages;
    }

    /** Notes what was accepted and stored since the last look. */
    void look(final long nowNanos) {
        // Stored first: what is stored by then has been accepted by the next line.
        final long stored = progress.stored();
        final long accepted = progress.accepted();
        if (accepted > lastAccepted) {
            add(accepted);
        }
        lastLookNanos = nowNanos;
        while (size > 0 && stored > lastStored) {
            recordFirst(Math.min(stored, lasts[first]), nowNanos);
        }
    }

    private void add(final long accepted) {
        if (size < MAX_SAMPLES) {
            sincesNanos[index(size)] = lastLookNanos;
            size++;
        }
        // The last sample takes what there is no room for.
        lasts[index(size - 1)] = accepted;
        lastAccepted = accepted;
    }

    private void recordFirst(final long upTo, final long nowNanos) {
        ages.recordValueWithCount(Math.max(0, nowNanos - sincesNanos[first]), upTo - lastStored);
        lastStored = upTo;
        if (upTo == lasts[first]) {
            first = index(1);
            size--;
        }
    }

    private int index(final int number) {
        return (first + number) % MAX_SAMPLES;
    }
}
