package io.millrace.pipeline.journal;

import static org.agrona.concurrent.ringbuffer.RecordDescriptor.lengthOffset;

import io.millrace.pipeline.Progress;
import org.agrona.BitUtil;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RecordDescriptor;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/**
 * The producer's side of a journal: claim space, write events into it, commit what was written.
 *
 * <p>A claim is as large as the events may become; the commit gives back what they did not need. At most one claim is
 * open at a time, and none outlives the call of the event loop that made it.
 *
 * <ol>
 *   <li>Used by one thread only, the event loop that the journal belongs to.
 *   <li>Events are numbered from the last one of the recovered journal on, without a gap.
 *   <li>When {@link #commit} has returned, the events survive the death of the process.
 *   <li>A process that dies within a claim leaves nothing of it: recovery moves the tail back to it.
 * </ol>
 */
public final class JournalWriter {
    /** Returned by {@link #tryClaim} when the journal takes no event: it has no room, or is barred. Nothing was claimed. */
    public static final int FULL = -1;

    private static final int NO_CLAIM = -1;

    private final OneToOneRingBuffer ring;
    private final AtomicBuffer buffer;
    private final int tailPositionIndex;
    private final RecordChecksum checksum;
    private final JournalHeader header;
    private final Progress progress;
    private long lastSequence;
    private int claim = NO_CLAIM;
    private volatile boolean barred;

    JournalWriter(
            final OneToOneRingBuffer ring,
            final RecordChecksum checksum,
            final JournalHeader header,
            final Progress progress,
            final long lastSequence) {
        this.ring = ring;
        this.buffer = ring.buffer();
        this.tailPositionIndex = ring.capacity() + RingBufferDescriptor.TAIL_POSITION_OFFSET;
        this.checksum = checksum;
        this.header = header;
        this.progress = progress;
        this.lastSequence = lastSequence;
    }

    /** From now on nothing can be claimed, or everything as before. Any thread. */
    void bar(final boolean barred) {
        this.barred = barred;
    }

    /** The most bytes of events that one claim can hold. */
    public int maxClaimBytes() {
        return ring.maxMsgLength() - RecordLayout.HEADER_LENGTH;
    }

    /**
     * Claims room for up to {@code maxBytes} of events.
     *
     * @param maxBytes at most {@link #maxClaimBytes()}
     * @return the index in {@link #buffer()} where the first event goes, or {@link #FULL}
     * @throws IllegalArgumentException if {@code maxBytes} is more than a claim can hold
     */
    public int tryClaim(final int maxBytes) {
        if (claim != NO_CLAIM) {
            throw new IllegalStateException("the claim before was neither committed nor aborted");
        }
        if (barred) {
            return FULL;
        }
        final int index = ring.tryClaim(RecordLayout.EVENTS_TYPE_ID, RecordLayout.HEADER_LENGTH + maxBytes);
        if (index < 0) {
            return FULL;
        }
        claim = index;
        return index + RecordLayout.HEADER_LENGTH;
    }

    /** What a claim is written into. */
    public MutableDirectBuffer buffer() {
        return buffer;
    }

    /**
     * Commits the open claim.
     *
     * @param bytes length of the events written, at most what was claimed
     * @param count how many they are, at least 1
     * @return the sequence of the last of them
     */
    public long commit(final int bytes, final int count) {
        final int record = openClaim();
        shrink(record, RecordLayout.HEADER_LENGTH + bytes);
        RecordLayout.put(buffer, record, lastSequence + 1, count);
        RecordLayout.putChecksum(buffer, record, checksum.of(record, bytes));
        ring.commit(record);
        lastSequence += count;
        // Tells zeros where the last records were from a claim that was never committed.
        header.lastSequence(lastSequence);
        progress.accepted(lastSequence);
        return lastSequence;
    }

    /** Gives the open claim back: no event was worth keeping. */
    public void abort() {
        final int recordIndex = openClaim() - RecordDescriptor.HEADER_LENGTH;
        final int claimed = -buffer.getInt(lengthOffset(recordIndex));
        final long tail = buffer.getLong(tailPositionIndex);
        buffer.putLong(recordIndex, 0L);
        buffer.putLongRelease(tailPositionIndex, tail - BitUtil.align(claimed, RecordDescriptor.ALIGNMENT));
    }

    /** The sequence of the last event committed. */
    public long lastSequence() {
        return lastSequence;
    }

    private int openClaim() {
        if (claim == NO_CLAIM) {
            throw new IllegalStateException("no claim is open");
        }
        final int record = claim;
        claim = NO_CLAIM;
        return record;
    }

    /**
     * Moves the tail back to the end of what was written. Agrona's ring has no such step, but its tail belongs to the
     * producer alone: the consumer stops at the record's negative length and never reads the tail.
     */
    private void shrink(final int record, final int messageLength) {
        final int recordIndex = record - RecordDescriptor.HEADER_LENGTH;
        final int claimed = -buffer.getInt(lengthOffset(recordIndex));
        final int used = messageLength + RecordDescriptor.HEADER_LENGTH;
        final int surplus =
                BitUtil.align(claimed, RecordDescriptor.ALIGNMENT) - BitUtil.align(used, RecordDescriptor.ALIGNMENT);
        if (surplus < 0) {
            throw new IllegalArgumentException("more bytes written than claimed: " + used + " > " + claimed);
        }
        if (surplus > 0) {
            final long tail = buffer.getLong(tailPositionIndex) - surplus;
            buffer.putLong(recordIndex + BitUtil.align(used, RecordDescriptor.ALIGNMENT), 0L);
            buffer.putLongRelease(tailPositionIndex, tail);
        }
        buffer.putIntRelease(lengthOffset(recordIndex), -used);
    }
}
