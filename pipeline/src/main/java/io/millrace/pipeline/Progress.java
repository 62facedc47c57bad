package io.millrace.pipeline;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How far the events of one stream have got, as sequences: accepted ≥ forced, accepted ≥ streamed, accepted ≥ stored.
 *
 * <p>Thread-safe. The first three have one writer each (event loop, forcer, shipper); the fourth has the aggregator, while one in
 * this process owns the stream, and otherwise the shipper. There may be any number of readers; one may see a value late, never
 * one that was not written.
 */
public final class Progress {
    private final AtomicLong accepted = new AtomicLong();
    private final Stage forced = new Stage();
    private final Stage streamed = new Stage();
    private final Stage stored = new Stage();

    /** The last event committed in the journal. */
    public long accepted() {
        return accepted.get();
    }

    public void accepted(final long sequence) {
        accepted.setRelease(sequence);
    }

    /** Up to here every event is on disk, or was freed. Moves only when somebody wants it to. */
    public long forced() {
        return forced.reached();
    }

    public void forced(final long sequence) {
        forced.reached(sequence);
    }

    /** The last event of the last block that the stream confirmed. */
    public long streamed() {
        return streamed.reached();
    }

    public void streamed(final long sequence) {
        streamed.reached(sequence);
    }

    /** The last event that the window store has committed. */
    public long stored() {
        return stored.reached();
    }

    /** Sets it to what the window store says: lower than before, if the store has gone back to a past state. */
    public void stored(final long sequence) {
        stored.reached(sequence);
    }

    /**
     * The stage that an answer of this level waits for.
     *
     * @throws IllegalArgumentException if it waits for none
     */
    public Stage stage(final AckLevel level) {
        return switch (level) {
            case JOURNAL -> throw new IllegalArgumentException("an answer is given in the journal's own time");
            case DISK -> forced;
            case STREAM -> streamed;
            case STORED -> stored;
        };
    }

    /** The highest level that the event has reached. */
    public AckLevel level(final long sequence) {
        if (stored() >= sequence) {
            return AckLevel.STORED;
        }
        if (streamed() >= sequence) {
            return AckLevel.STREAM;
        }
        return forced() >= sequence ? AckLevel.DISK : AckLevel.JOURNAL;
    }

    /** An answer waits for this event to reach that level: the stages on the way there are to hurry. The event loop only. */
    public void want(final AckLevel level, final long sequence) {
        stage(level).want(sequence);
        if (level == AckLevel.STORED) {
            streamed.want(sequence);
        }
    }

    /** Raises it to what was heard of the window store: it may have got further meanwhile. */
    public void storedAtLeast(final long sequence) {
        stored.reachedAtLeast(sequence);
    }
}
