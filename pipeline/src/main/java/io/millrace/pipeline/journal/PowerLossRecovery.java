package io.millrace.pipeline.journal;

import static org.agrona.concurrent.ringbuffer.RecordDescriptor.encodedMsgOffset;
import static org.agrona.concurrent.ringbuffer.RecordDescriptor.lengthOffset;
import static org.agrona.concurrent.ringbuffer.RecordDescriptor.typeOffset;
import static org.agrona.concurrent.ringbuffer.RingBuffer.PADDING_MSG_TYPE_ID;

import java.util.List;
import org.agrona.BitUtil;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.ringbuffer.RecordDescriptor;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/**
 * Finds what is left in the ring of a journal whose machine went down with it.
 *
 * <p>The disk then has each page as it was at some moment of its own: what was forced is there, and whatever else the kernel
 * got round to. Head and tail may be older than the records, or newer; records of the lap before, long freed, stand where
 * newer ones never arrived. So the whole ring is searched, and only records are believed:
 *
 * <ol>
 *   <li>The newest record that passes its check ends the ring. It left room for eight bytes before the oldest one that was not
 *       freed when it was written: whatever was not freed lies within one turn before its end.
 *   <li>In the order of that turn sequences rise. What is below its predecessor is of the lap before, and was freed; so was what
 *       is not above the freed sequence, where that agrees with its complement. The rest is kept.
 *   <li>Everything between becomes padding. What is missing between is counted lost by the aggregator, unless the stream has
 *       it.
 * </ol>
 *
 * <p>The journal is to be drained and not written: sequences beyond the newest one found may have been given out.
 */
final class PowerLossRecovery {
    private static final int ALIGNMENT = RecordDescriptor.ALIGNMENT;

    private final AtomicBuffer buffer;
    private final RecordChecksum checksum;
    private final JournalHeader header;
    private final int capacity;
    private final long freedSequence;
    private int newestEnd;
    private long newestSequence;
    private long lastSequence;
    private long recoveredEvents;
    private int gaps;

    private PowerLossRecovery(final JournalFile file) {
        buffer = file.ring();
        checksum = file.checksum();
        header = file.header();
        capacity = header.capacity();
        freedSequence = header.freedSequenceAgrees() ? Math.max(0, header.freedSequence()) : 0;
    }

    /** Finds the records of {@code file} and puts its ring in order around them. */
    static JournalRecovery.Result recover(final JournalFile file) {
        return new PowerLossRecovery(file).search();
    }

    private JournalRecovery.Result search() {
        findNewest();
        lastSequence = freedSequence;
        header.freedSequence(freedSequence);
        final long end = (long) capacity + newestEnd;
        final long head = keepTurnBefore(end);
        buffer.putLong(newestEnd & (capacity - 1), 0L);
        buffer.putLong(capacity + RingBufferDescriptor.HEAD_POSITION_OFFSET, head);
        buffer.putLong(capacity + RingBufferDescriptor.HEAD_CACHE_POSITION_OFFSET, head);
        buffer.putLongRelease(capacity + RingBufferDescriptor.TAIL_POSITION_OFFSET, end);
        return new JournalRecovery.Result(lastSequence, recoveredEvents, gaps, List.of(), KeptCopy.NONE);
    }

    private void findNewest() {
        for (int index = 0; index < capacity; ) {
            final int length = soundLength(index);
            if (length > 0 && lastSequenceAt(index) > newestSequence) {
                newestSequence = lastSequenceAt(index);
                newestEnd = index + length;
            }
            index += Math.max(length, ALIGNMENT);
        }
    }

    /** Returns the position of the first record that is kept; {@code end}, if none is. */
    private long keepTurnBefore(final long end) {
        long head = end;
        long keptEnd = end;
        for (long position = end - capacity + ALIGNMENT; position < end; ) {
            final int index = (int) position & (capacity - 1);
            final int length = soundLength(index);
            if (length > 0 && lastSequenceAt(index) > lastSequence) {
                if (head == end) {
                    head = position;
                } else {
                    pad(keptEnd, position);
                }
                keep(index);
                keptEnd = position + length;
            }
            position += Math.max(length, ALIGNMENT);
        }
        return head;
    }

    private void keep(final int index) {
        final long first = firstSequenceAt(index);
        if (first > lastSequence + 1) {
            gaps++;
        }
        lastSequence = lastSequenceAt(index);
        recoveredEvents += RecordLayout.count(buffer, encodedMsgOffset(index));
    }

    /** The length of the sound record that begins here, aligned as the next one is; 0 if there is none. */
    private int soundLength(final int index) {
        final int length = buffer.getInt(lengthOffset(index));
        return length > 0
                        && length <= capacity - index
                        && checksum.passes(buffer, index, length)
                        && firstSequenceAt(index) > 0
                ? BitUtil.align(length, ALIGNMENT)
                : 0;
    }

    private long firstSequenceAt(final int index) {
        return RecordLayout.firstSequence(buffer, encodedMsgOffset(index));
    }

    private long lastSequenceAt(final int index) {
        return firstSequenceAt(index) + RecordLayout.count(buffer, encodedMsgOffset(index)) - 1;
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
}
