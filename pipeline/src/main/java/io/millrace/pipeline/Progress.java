package io.millrace.pipeline;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How far the events of one stream have got, as sequences: accepted ≥ streamed, accepted ≥ stored.
 *
 * <p>Thread-safe. The first two have one writer each (event loop, shipper); the third has the aggregator, while one in this
 * process owns the stream, and otherwise the shipper. There may be any number of readers; one may see a value late, never one
 * that was not written.
 */
public final class Progress {
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong streamed = new AtomicLong();
    private final AtomicLong stored = new AtomicLong();

    /** The last event committed in the journal. */
    public long accepted() {
        return accepted.get();
    }

    public void accepted(final long sequence) {
        accepted.setRelease(sequence);
    }

    /** The last event of the last block that the stream confirmed. */
    public long streamed() {
        return streamed.get();
    }

    public void streamed(final long sequence) {
        streamed.setRelease(sequence);
    }

    /** The last event that the window store has committed. */
    public long stored() {
        return stored.get();
    }

    /** Sets it to what the window store says: lower than before, if the store has gone back to a past state. */
    public void stored(final long sequence) {
        stored.setRelease(sequence);
    }

    /** Raises it to what was heard of the window store: it may have got further meanwhile. */
    public void storedAtLeast(final long sequence) {
        stored.accumulateAndGet(sequence, Math::max);
    }
}
