package io.millrace.pipeline.journal;

import static org.agrona.concurrent.ringbuffer.RecordDescriptor.encodedMsgOffset;
import static org.agrona.concurrent.ringbuffer.RecordDescriptor.lengthOffset;
import static org.agrona.concurrent.ringbuffer.RecordDescriptor.typeOffset;

import org.agrona.BitUtil;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RecordDescriptor;

/**
 * A cursor over the committed records of a ring, that frees nothing: Agrona's own {@code read()} moves the head even past
 * a record whose handler failed.
 *
 * <p>Used by one thread only. Padding is stepped over. The cursor stands on a record after {@link #next()} returned true.
 */
final class RingWalk {
    private final AtomicBuffer buffer;
    private final int capacity;
    private long position;
    private int record;
    private int recordLength;

    RingWalk(final OneToOneRingBuffer ring) {
        buffer = ring.buffer();
        capacity = ring.capacity();
    }

    /** Puts the cursor before the record that begins at {@code position}. */
    void position(final long position) {
        this.position = position;
        recordLength = 0;
    }

    /** The position behind the record that the cursor stands on: where the next one begins. */
    long nextPosition() {
        return position + BitUtil.align(recordLength, RecordDescriptor.ALIGNMENT);
    }

    /** Steps onto the next record, if one is committed. */
    boolean next() {
        while (true) {
            final long next = nextPosition();
            final int index = (int) next & (capacity - 1);
            final int length = buffer.getIntVolatile(lengthOffset(index));
            if (length <= 0) {
                return false;
            }
            position = next;
            recordLength = length;
            if (buffer.getInt(typeOffset(index)) == RecordLayout.EVENTS_TYPE_ID) {
                record = encodedMsgOffset(index);
                return true;
            }
        }
    }

    long firstSequence() {
        return RecordLayout.firstSequence(buffer, record);
    }

    int count() {
        return RecordLayout.count(buffer, record);
    }

    long lastSequence() {
        return firstSequence() + count() - 1;
    }

    /** Where the events lie in the ring. */
    int eventsOffset() {
        return record + RecordLayout.HEADER_LENGTH;
    }

    /** Length of the events in bytes. */
    int eventsLength() {
        return recordLength - RecordDescriptor.HEADER_LENGTH - RecordLayout.HEADER_LENGTH;
    }
}
