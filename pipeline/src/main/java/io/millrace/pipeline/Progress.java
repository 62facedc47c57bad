package io.millrace.pipeline;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How far the events of one stream have got, as sequences: accepted ≥ streamed, accepted ≥ stored.
 *
 * <p>Thread-safe. Each of the three has one writer (event loop, shipper, aggregator) and any number of readers; a reader
 * may see a value late, never one that was not written.
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

    public void stored(final long sequence) {
        stored.setRelease(sequence);
    }
}
