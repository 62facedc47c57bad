package io.millrace.pipeline.journal;

import io.millrace.pipeline.AckLevel;
import io.millrace.pipeline.Counters;
import io.millrace.pipeline.Progress;
import io.millrace.pipeline.Stage;
import java.io.UncheckedIOException;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forces one journal to disk while answers wait for that: everything that is committed when it begins, in one go. What is
 * committed meanwhile goes with the next one ("group commit"), so that the disk sets the pace, and not the requests.
 *
 * <ol>
 *   <li>It takes the records from the head to the tail; of these the kernel writes only the pages that have changed. Nothing
 *       else need be on disk: after a loss of power the ring is searched for records, whatever head, tail and freed sequence
 *       the disk has ({@link PowerLossRecovery}).
 *   <li>A record that is freed before it was forced is in the window store, or in a stream store that syncs every write.
 *   <li>After one failure it never says again that anything is on disk: the kernel takes the pages that it could not write for
 *       clean, and a second try would succeed without them.
 * </ol>
 *
 * @see <a href="https://lwn.net/Articles/752063/">PostgreSQL's fsync() surprise</a>
 */
public final class JournalForcer implements Agent {
    private static final Logger LOG = LoggerFactory.getLogger(JournalForcer.class);

    private final String name;
    private final OneToOneRingBuffer ring;
    private final Progress progress;
    private final Stage forced;
    private final RingMemory memory;
    private final Counters<ForceCounter> counters = new Counters<>(ForceCounter.class);
    private boolean failed;

    JournalForcer(
            final String stream, final OneToOneRingBuffer ring, final Progress progress, final RingMemory memory) {
        this.name = "forcer-" + stream;
        this.ring = ring;
        this.progress = progress;
        this.forced = progress.stage(AckLevel.DISK);
        this.memory = memory;
    }

    @Override
    public String roleName() {
        return name;
    }

    public Counters<ForceCounter> counters() {
        return counters;
    }

    @Override
    public int doWork() {
        if (failed || !forced.isWanted()) {
            return 0;
        }
        // In this order: the tail is behind every event that was accepted before it is looked at.
        final long sequence = progress.accepted();
        final long head = ring.consumerPosition();
        final long tail = ring.producerPosition();
        try {
            force(head, tail);
        } catch (final UncheckedIOException e) {
            failed = true;
            counters.increment(ForceCounter.FORCE_FAILURES);
            LOG.error(
                    "{}: the journal cannot be forced to disk ({}). No answer of level disk is given any more until this"
                            + " server is restarted; look after the disk",
                    name,
                    e.getMessage());
            return 0;
        }
        counters.increment(ForceCounter.FORCES);
        counters.add(ForceCounter.FORCED_EVENTS, sequence - progress.forced());
        progress.forced(sequence);
        return 1;
    }

    private void force(final long head, final long tail) {
        final int capacity = ring.capacity();
        final int from = (int) head & (capacity - 1);
        final int length = (int) Math.min(tail - head, capacity);
        final int beforeEnd = Math.min(length, capacity - from);
        if (beforeEnd > 0) {
            memory.force(from, beforeEnd);
        }
        if (length > beforeEnd) {
            memory.force(0, length - beforeEnd);
        }
    }

    /** The ring as a part of a mapped file. */
    @FunctionalInterface
    interface RingMemory {
        /**
         * Returns when this part of the ring is on disk.
         *
         * @throws UncheckedIOException if it could not be written
         */
        void force(int offset, int length);
    }
}
