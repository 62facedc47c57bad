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
 *   <li>The walk ends at a claim that was never committed (a length of zero or less), which was never answered; the tail is
 *       put there. If that is beyond the tail that was found, the tail was wrong.
 *   <li>A record whose checksum is wrong, or whose sequence is not above the one before, becomes padding: the events are
 *       gone, the gap in the sequences says how many, and the aggregator counts them as lost.
 *   <li>Where a length leads nowhere, or a claim has newer records behind it, the next sound record is looked for, and what
 *       is between becomes padding.
 *   <li>The freed sequence must be the end of a record in the ring, or come right before the first: a death may have come
 *       between storing it and moving the head, nothing else.
 * </ol>
 *
 * <p>After any of these but a claim, the journal is not {@linkplain Result#intact() intact}: it is drained, and never
 * written again.
 */
final class JournalRecovery {
    private final AtomicBuffer buffer;
    private final RecordChecksum checksum;
    private final JournalHeader header;
    private final int capacity;
    private final long freedSequence;
    private boolean freedSequenceFits;
    private long firstSequence;
    private long lastSequence;
    private long recoveredEvents;
    private int damages;

    private JournalRecovery(final JournalFile file) {
        buffer = file.ring();
        checksum = file.checksum();
        header = file.header();
        capacity = header.capacity();
        freedSequence = header.freedSequence();
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
        final long end = walkFrom(head, tail);
        if (end > tail) {
            damages++;
        }
        verifyFreedSequence();
        buffer.putLong((int) end & (capacity - 1), 0L);
        buffer.putLong(capacity + RingBufferDescriptor.HEAD_CACHE_POSITION_OFFSET, head);
        buffer.putLongRelease(capacity + RingBufferDescriptor.TAIL_POSITION_OFFSET, end);
        return new Result(lastSequence, recoveredEvents, damages);
    }

    /** Returns the position behind the last record that can be reached. */
    private long walkFrom(final long head, final long tail) {
        long position = head;
        while (position - head < capacity) {
            final int index = (int) position & (capacity - 1);
            final int length = buffer.getInt(lengthOffset(index));
            if (!isPlausible(index, length, capacity - (position - head))) {
                final long next = nextSound(position, tail);
                if (next < 0) {
                    damages += length <= 0 ? 0 : 1;
                    break;
                }
                damages++;
                pad(position, next);
                position = next;
                continue;
            }
            if (buffer.getInt(typeOffset(index)) != PADDING_MSG_TYPE_ID) {
                if (isSound(index, length)) {
                    accept(encodedMsgOffset(index));
                } else {
                    damages++;
                    buffer.putInt(typeOffset(index), PADDING_MSG_TYPE_ID);
                }
            }
            position += BitUtil.align(length, RecordDescriptor.ALIGNMENT);
        }
        return position;
    }

    private boolean isPlausible(final int index, final int length, final long roomBytes) {
        return length >= HEADER_LENGTH && length <= capacity - index && length <= roomBytes;
    }

    /** Whether a record of this length passes its check, and is newer than those before it. */
    private boolean isSound(final int index, final int length) {
        return checksum.passes(buffer, index, length)
                && RecordLayout.firstSequence(buffer, encodedMsgOffset(index)) > lastSequence;
    }

    private void accept(final int record) {
        final int count = RecordLayout.count(buffer, record);
        final long first = RecordLayout.firstSequence(buffer, record);
        if (firstSequence == 0) {
            firstSequence = first;
            // Damage before the first sound record explains a gap to it.
            freedSequenceFits = freedSequence == first - 1 || (damages > 0 && freedSequence < first);
        } else if (first > lastSequence + 1) {
            damages++;
        }
        lastSequence = first + count - 1;
        freedSequenceFits |= lastSequence == freedSequence;
        if (lastSequence > freedSequence) {
            recoveredEvents += count;
        }
    }

    /** The position of the next sound record before the tail that was not freed, or -1. */
    private long nextSound(final long position, final long tail) {
        for (long next = position + RecordDescriptor.ALIGNMENT; next < tail; next += RecordDescriptor.ALIGNMENT) {
            final int index = (int) next & (capacity - 1);
            final int length = buffer.getInt(lengthOffset(index));
            if (isPlausible(index, length, tail - next)
                    && isSound(index, length)
                    && RecordLayout.firstSequence(buffer, encodedMsgOffset(index)) > freedSequence) {
                return next;
            }
        }
        return -1;
    }

    /** Makes padding of everything from one position to another; padding ends where the ring does. */
    private void pad(final long from, final long to) {
        for (long position = from; position < to; ) {
            final int index = (int) position & (capacity - 1);
            final int length = (int) Math.min(to - position, capacity - index);
            buffer.putInt(typeOffset(index), PADDING_MSG_TYPE_ID);
            buffer.putInt(lengthOffset(index), length);
            position += length;
        }
    }

    private void verifyFreedSequence() {
        if (firstSequence == 0) {
            // Nothing in the ring to hold it against.
            lastSequence = freedSequence;
            damages += header.freedSequenceAgrees() && freedSequence >= 0 ? 0 : 1;
        } else if (!freedSequenceFits) {
            damages++;
            header.freedSequence(firstSequence - 1);
        }
    }

    /**
     * What the walk found.
     *
     * @param lastSequence of the last event in the journal, or that was ever freed from it
     * @param recoveredEvents how many events it holds
     * @param damages how often something failed its check
     */
    record Result(long lastSequence, long recoveredEvents, int damages) {
        /** Whether the journal may be written on. */
        boolean intact() {
            return damages == 0;
        }
    }
}
