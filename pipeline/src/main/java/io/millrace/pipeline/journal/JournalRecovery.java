package io.millrace.pipeline.journal;

import static org.agrona.concurrent.ringbuffer.RecordDescriptor.HEADER_LENGTH;
import static org.agrona.concurrent.ringbuffer.RecordDescriptor.encodedMsgOffset;
import static org.agrona.concurrent.ringbuffer.RecordDescriptor.lengthOffset;
import static org.agrona.concurrent.ringbuffer.RecordDescriptor.typeOffset;
import static org.agrona.concurrent.ringbuffer.RingBuffer.PADDING_MSG_TYPE_ID;

import org.agrona.BitUtil;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.ringbuffer.RecordDescriptor;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/**
 * Puts the ring of a journal in order whose process has ended, however it ended.
 *
 * <p>It walks from the head to the tail and trusts nothing that it cannot verify:
 *
 * <ol>
 *   <li>The walk ends at the tail, or at a claim that was never committed (a length of zero or less): the tail is put
 *       there, and the claim was never answered.
 *   <li>A record whose checksum or sequence is wrong becomes padding: the events are gone, the gap in the sequences says
 *       how many, and the aggregator counts them as lost.
 *   <li>A length that leads out of the ring ends the walk; what was behind it is gone.
 * </ol>
 *
 * <p>After 2 or 3 the journal is not {@linkplain Result#intact() intact}: it is drained, and never written again.
 */
final class JournalRecovery {
    private final AtomicBuffer buffer;
    private final RecordChecksum checksum;
    private final int capacity;
    private long lastSequence;
    private long recoveredEvents;
    private int damagedRecords;

    private JournalRecovery(final JournalFile file) {
        buffer = file.ring();
        checksum = file.checksum();
        capacity = file.header().capacity();
        lastSequence = file.header().freedSequence();
    }

    /**
     * Recovers the ring of {@code file}.
     *
     * @throws UnreadableJournalException if the head and the tail make no sense; the ring is left as it is
     */
    static Result recover(final JournalFile file) throws UnreadableJournalException {
        return new JournalRecovery(file).walk();
    }

    private Result walk() throws UnreadableJournalException {
        final long head = buffer.getLongVolatile(capacity + RingBufferDescriptor.HEAD_POSITION_OFFSET);
        final long tail = buffer.getLongVolatile(capacity + RingBufferDescriptor.TAIL_POSITION_OFFSET);
        if (head < 0 || tail < head || tail - head > capacity || (head | tail) % RecordDescriptor.ALIGNMENT != 0) {
            throw new UnreadableJournalException("its head " + head + " and tail " + tail + " make no sense");
        }
        long position = head;
        while (position < tail) {
            final int index = (int) position & (capacity - 1);
            final int length = buffer.getInt(lengthOffset(index));
            if (length <= 0) {
                break;
            }
            final long next = position + BitUtil.align((long) length, (long) RecordDescriptor.ALIGNMENT);
            if (length < HEADER_LENGTH || next > tail || length > capacity - index) {
                damagedRecords++;
                break;
            }
            check(index, length);
            position = next;
        }
        buffer.putLong((int) position & (capacity - 1), 0L);
        buffer.putLong(capacity + RingBufferDescriptor.HEAD_CACHE_POSITION_OFFSET, head);
        buffer.putLongRelease(capacity + RingBufferDescriptor.TAIL_POSITION_OFFSET, position);
        return new Result(lastSequence, recoveredEvents, damagedRecords);
    }

    private void check(final int index, final int length) {
        final int type = buffer.getInt(typeOffset(index));
        if (type == PADDING_MSG_TYPE_ID) {
            return;
        }
        final int record = encodedMsgOffset(index);
        final int eventBytes = length - HEADER_LENGTH - RecordLayout.HEADER_LENGTH;
        if (type == RecordLayout.EVENTS_TYPE_ID
                && eventBytes > 0
                && RecordLayout.checksum(buffer, record) == checksum.of(record, eventBytes)) {
            final int count = RecordLayout.count(buffer, record);
            final long first = RecordLayout.firstSequence(buffer, record);
            final long last = first + count - 1;
            // The head may be behind the freed sequence by one step of the shipper: such records are stored already.
            final boolean freed = recoveredEvents == 0 && last <= lastSequence;
            if (freed || first == lastSequence + 1 || (damagedRecords > 0 && first > lastSequence)) {
                if (!freed) {
                    lastSequence = last;
                    recoveredEvents += count;
                }
                return;
            }
        }
        damagedRecords++;
        buffer.putInt(typeOffset(index), PADDING_MSG_TYPE_ID);
    }

    /**
     * What the walk found.
     *
     * @param lastSequence of the last event in the journal, or that was ever freed from it
     * @param recoveredEvents how many events it holds
     * @param damagedRecords how many records failed their check
     */
    record Result(long lastSequence, long recoveredEvents, int damagedRecords) {
        /** Whether the journal may be written on. */
        boolean intact() {
            return damagedRecords == 0;
        }
    }
}
