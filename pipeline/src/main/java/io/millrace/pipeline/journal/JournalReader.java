package io.millrace.pipeline.journal;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/**
 * The consumer's side of a journal: peek at records, step past them when they are shipped, free them when they are safe
 * elsewhere.
 *
 * <pre>
 *      head             read position          tail
 *       │ shipped, kept │ to be shipped          │ free
 *   ────┴───────────────┴────────────────────────┴──────
 * </pre>
 *
 * <ol>
 *   <li>Used by one thread only, the shipper; the getters of sizes may be called by any.
 *   <li>What is freed is at or below a sequence that the caller names, never more.
 *   <li>The freed sequence is stored before the head moves: a death between the two frees the same records again.
 * </ol>
 */
public final class JournalReader {
    private final OneToOneRingBuffer ring;
    private final AtomicBuffer buffer;
    private final int headPositionIndex;
    private final JournalHeader header;
    private final RingWalk cursor;
    private final RingWalk freeing;
    private long readPosition;
    private long peekedPosition;

    JournalReader(final OneToOneRingBuffer ring, final JournalHeader header) {
        this.ring = ring;
        this.header = header;
        buffer = ring.buffer();
        headPositionIndex = ring.capacity() + RingBufferDescriptor.HEAD_POSITION_OFFSET;
        cursor = new RingWalk(ring);
        freeing = new RingWalk(ring);
        readPosition = ring.consumerPosition();
        peekedPosition = readPosition;
    }

    /**
     * Hands committed records over, from the read position on, until the handler takes no more. Nothing moves until
     * {@link #advance()}.
     *
     * @return the number of records handed over and taken
     */
    public int peek(final RecordHandler handler) {
        final RingWalk cursor = this.cursor;
        cursor.position(readPosition);
        int records = 0;
        long peekedPosition = readPosition;
        while (cursor.next()
                && handler.onRecord(
                        cursor.firstSequence(), cursor.count(), buffer, cursor.eventsOffset(), cursor.eventsLength())) {
            peekedPosition = cursor.nextPosition();
            records++;
        }
        this.peekedPosition = peekedPosition;
        return records;
    }

    /** Moves the read position behind what the last {@link #peek} handed over. */
    public void advance() {
        readPosition = peekedPosition;
    }

    /** Moves the read position to the first record that holds an event above {@code sequence}. */
    public void seek(final long sequence) {
        cursor.position(ring.consumerPosition());
        readPosition = ring.consumerPosition();
        while (cursor.next() && cursor.lastSequence() <= sequence) {
            readPosition = cursor.nextPosition();
        }
        peekedPosition = readPosition;
    }

    /**
     * Frees the records whose events are all at or below {@code sequence}.
     *
     * @return bytes freed
     */
    public long free(final long sequence) {
        if (sequence <= header.freedSequence()) {
            return 0;
        }
        final long head = ring.consumerPosition();
        freeing.position(head);
        long newHead = head;
        long freedSequence = header.freedSequence();
        while (freeing.next() && freeing.lastSequence() <= sequence) {
            newHead = freeing.nextPosition();
            freedSequence = freeing.lastSequence();
        }
        if (newHead > head) {
            header.freedSequence(Math.max(freedSequence, header.freedSequence()));
            buffer.putLongRelease(headPositionIndex, newHead);
            readPosition = Math.max(readPosition, newHead);
            peekedPosition = readPosition;
        }
        return newHead - head;
    }

    /** The last event that was freed. */
    public long freedSequence() {
        return header.freedSequence();
    }

    /** The time part of the entry IDs that this journal's shipper writes. */
    public long generation() {
        return header.generation();
    }

    /** Sets the time part of the entry IDs, before the first entry with it is written. */
    public void generation(final long generation) {
        header.generation(generation);
    }

    /** Bytes held by records that are not freed. Any thread. */
    public long usedBytes() {
        return ring.producerPosition() - ring.consumerPosition();
    }

    /** Bytes of the ring. Any thread. */
    public int capacityBytes() {
        return ring.capacity();
    }

    /** Takes one record. */
    @FunctionalInterface
    public interface RecordHandler {
        /**
         * Takes or leaves the events of a record.
         *
         * @return false to leave it, and end the peek before it
         */
        boolean onRecord(long firstSequence, int count, DirectBuffer buffer, int offset, int length);
    }
}
