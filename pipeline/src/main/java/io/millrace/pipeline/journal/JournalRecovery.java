package io.millrace.pipeline.journal;

import static org.agrona.concurrent.ringbuffer.RecordDescriptor.HEADER_LENGTH;
import static org.agrona.concurrent.ringbuffer.RecordDescriptor.encodedMsgOffset;
import static org.agrona.concurrent.ringbuffer.RecordDescriptor.lengthOffset;
import static org.agrona.concurrent.ringbuffer.RecordDescriptor.typeOffset;
import static org.agrona.concurrent.ringbuffer.RingBuffer.PADDING_MSG_TYPE_ID;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
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
 *       put there. If that is beyond the tail that was found, the tail was wrong. A claim it is only if the last event that
 *       the header knows of was found before it: else records are zero that were committed.
 *   <li>A record whose checksum is wrong, or whose sequence is not above the one before, is marked as damaged: the events
 *       are gone, the gap in the sequences says how many, and the aggregator counts them as lost. Where no sound record
 *       follows, the gap ends with the last event that the header knows of.
 *   <li>Where a length leads nowhere, or a claim has newer records behind it, the next sound record is looked for, and what
 *       is between is marked as damaged.
 *   <li>The freed sequence must be the end of a record in the ring, or come right before the first: a death may have come
 *       between storing it and moving the head, nothing else.
 * </ol>
 *
 * <p>After any of these but a claim, the journal is not {@linkplain Result#intact() intact}: it is drained, and never
 * written again. Before anything but a claim is changed in it, the file is copied.
 */
final class JournalRecovery {
    /** What is kept of a damaged record: enough to see whose it is, and no way to fill Redis. */
    private static final int MAX_CONTENT_BYTES = 1 << 16;

    private static final int MAX_DAMAGED_RECORDS = 1_000;

    private final JournalFile file;
    private final AtomicBuffer buffer;
    private final RecordChecksum checksum;
    private final JournalHeader header;
    private final int capacity;
    private final long freedSequence;
    private final long committedSequence;
    private boolean freedSequenceFits;
    private long firstSequence;
    private long lastSequence;
    private long recoveredEvents;
    private int damages;
    private final List<DamagedRecord> damaged = new ArrayList<>();
    private KeptCopy copy = KeptCopy.NONE;

    private JournalRecovery(final JournalFile file) {
        this.file = file;
        buffer = file.ring();
        checksum = file.checksum();
        header = file.header();
        capacity = header.capacity();
        freedSequence = header.freedSequence();
        committedSequence = header.lastSequence();
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
            keepCopy();
        }
        verifyFreedSequence();
        if (lacksCommitted()) {
            // Damaged records were copied when they were found.
            if (damaged.isEmpty()) {
                keepCopy();
            }
            damages++;
            lastSequence = committedSequence;
        }
        header.lastSequence(lastSequence);
        buffer.putLong((int) end & (capacity - 1), 0L);
        buffer.putLong(capacity + RingBufferDescriptor.HEAD_CACHE_POSITION_OFFSET, head);
        buffer.putLongRelease(capacity + RingBufferDescriptor.TAIL_POSITION_OFFSET, end);
        return new Result(lastSequence, recoveredEvents, damages, damaged, copy);
    }

    /** Returns the position behind the last record that can be reached. */
    private long walkFrom(final long head, final long tail) {
        long position = head;
        while (position - head < capacity) {
            final int index = (int) position & (capacity - 1);
            final int length = buffer.getInt(lengthOffset(index));
            if (!isPlausible(index, length, capacity - (position - head))) {
                final long next = nextSound(position, tail);
                if (next < 0 && (position >= tail || (length <= 0 && !lacksCommitted()))) {
                    damages += length <= 0 ? 0 : 1;
                    break;
                }
                final long behind = next < 0 ? tail : next;
                note("its length leads nowhere", index, (int) Math.min(behind - position, capacity - index));
                keepCopy();
                fill(position, behind);
                position = behind;
                continue;
            }
            if (buffer.getInt(typeOffset(index)) != PADDING_MSG_TYPE_ID) {
                if (isSound(index, length)) {
                    accept(encodedMsgOffset(index));
                } else {
                    damage(index, length);
                }
            }
            position += BitUtil.align(length, RecordDescriptor.ALIGNMENT);
        }
        return position;
    }

    private void damage(final int index, final int length) {
        final boolean isNew = buffer.getInt(typeOffset(index)) != RecordLayout.DAMAGED_TYPE_ID;
        note("it fails its check", index, length);
        if (isNew) {
            keepCopy();
            buffer.putInt(typeOffset(index), RecordLayout.DAMAGED_TYPE_ID);
        }
    }

    private void note(final String reason, final int index, final int length) {
        damages++;
        if (damaged.size() < MAX_DAMAGED_RECORDS) {
            final byte[] content = new byte[Math.min(length, MAX_CONTENT_BYTES)];
            buffer.getBytes(index, content);
            damaged.add(new DamagedRecord(
                    lastSequence, reason, ByteBuffer.wrap(content).asReadOnlyBuffer()));
        }
    }

    /** Copies the file before the first change. */
    private void keepCopy() {
        if (copy.equals(KeptCopy.NONE)) {
            copy = file.keepCopy();
        }
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

    /** Makes damaged records of everything from one position to another; a record ends where the ring does. */
    private void fill(final long from, final long to) {
        for (long position = from; position < to; ) {
            final int index = (int) position & (capacity - 1);
            final int length = (int) Math.min(to - position, capacity - index);
            buffer.putInt(typeOffset(index), RecordLayout.DAMAGED_TYPE_ID);
            buffer.putInt(lengthOffset(index), length);
            position += length;
        }
    }

    /** Whether events that were committed have not been found, nor were freed. */
    private boolean lacksCommitted() {
        return committedSequence > (firstSequence == 0 ? freedSequence : lastSequence);
    }

    private void verifyFreedSequence() {
        if (firstSequence == 0) {
            // Nothing in the ring to hold it against; but all that was committed and is not there was freed.
            if (!header.freedSequenceAgrees() || freedSequence < 0) {
                damages++;
                keepCopy();
                header.freedSequence(committedSequence);
            }
            lastSequence = header.freedSequence();
        } else if (!freedSequenceFits) {
            damages++;
            keepCopy();
            header.freedSequence(firstSequence - 1);
        }
    }

    /**
     * What the walk found.
     *
     * @param lastSequence of the last event in the journal, or that was ever freed from it
     * @param recoveredEvents how many events it holds
     * @param damages how often something failed its check
     * @param damaged what failed it, as far as it is records
     * @param copy of the file as it was, if anything was changed in it
     */
    record Result(long lastSequence, long recoveredEvents, int damages, List<DamagedRecord> damaged, KeptCopy copy) {
        Result {
            damaged = List.copyOf(damaged);
        }

        /** Whether the journal may be written on. */
        boolean intact() {
            return damages == 0;
        }
    }
}
