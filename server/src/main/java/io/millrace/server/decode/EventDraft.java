package io.millrace.server.decode;

import java.nio.ByteBuffer;
import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The event that is being read: its time and its texts, decoded, each in a place of its own, in whatever order and form they
 * came. What a reader found and {@link EventEncoder} judges. Set twice, a field keeps the later value.
 *
 * <p>A place is as long as the longest text of its field and a word longer. A reader writes whole words, at any index of the
 * place up to {@link #last}, and leaves out what would come behind: so no text reaches the next place.
 *
 * <p>Not thread-safe.
 */
final class EventDraft {
    /** Stands for the length of a field that is not there. */
    static final int ABSENT = 0;

    /** Stands for the length of JSON's {@code null}. */
    static final int NULL = -1;

    /** Stands for the length of a value that is empty, of another type, not UTF-8, or has U+0000 or a lone surrogate. */
    static final int INVALID = -2;

    /** The place for names, and for texts that nobody wants. */
    static final int ASIDE = 0;

    /** The length of all places. */
    static final int BYTES;

    private static final int FIELDS = EventField.values().length;
    private static final int[] PLACES = new int[FIELDS];

    static {
        int place = placeBytes(EventField.MAX_NAME_BYTES);
        for (final EventField field : EventField.values()) {
            PLACES[field.ordinal()] = place;
            place += placeBytes(field.maxBytes());
        }
        BYTES = place;
    }

    private final UnsafeBuffer texts = new UnsafeBuffer(ByteBuffer.allocateDirect(BYTES));
    private final long address = texts.addressOffset();
    private final Window window = new Window();
    private final int[] lengths = new int[FIELDS];
    private long timestampMillis;

    EventDraft() {
        window.wrap(texts, 0, BYTES);
    }

    /** Where the text of a field begins. */
    static int place(final EventField field) {
        return PLACES[field.ordinal()];
    }

    /** The last index of its place at which a word may be written. */
    static int last(final EventField field) {
        return place(field) + field.maxBytes();
    }

    private static int placeBytes(final int maxBytes) {
        return BitUtil.align(maxBytes + Long.BYTES, Long.BYTES);
    }

    void clear() {
        for (int i = 0; i < FIELDS; i++) {
            lengths[i] = ABSENT;
        }
    }

    /** Sets the length of a text that was written to its place, or what stands for it; it may be more than is allowed. */
    void set(final EventField field, final int length) {
        lengths[field.ordinal()] = length;
    }

    /** Sets the timestamp, epoch milliseconds or {@link Timestamps#INVALID}. */
    void setTimestamp(final long millis) {
        timestampMillis = millis;
        set(EventField.TIMESTAMP, millis == Timestamps.INVALID ? INVALID : Long.BYTES);
    }

    int length(final EventField field) {
        return lengths[field.ordinal()];
    }

    /** Of a timestamp that is neither absent nor invalid. */
    long timestampMillis() {
        return timestampMillis;
    }

    /** Writes eight bytes of a text. */
    void putWord(final int index, final long word) {
        if (!Memory.isWithin(index, Long.BYTES, BYTES)) {
            throw new IndexOutOfBoundsException(index);
        }
        Memory.putWord(address, index, BYTES, word);
    }

    /** Writes one byte of a text. */
    void putByte(final int index, final byte value) {
        texts.putByte(index, value);
    }

    /** The texts, to be read. */
    Window window() {
        return window;
    }

    /** The texts, to be copied. */
    UnsafeBuffer texts() {
        return texts;
    }

    /** Where the texts are, for loops that read and write by {@link Memory}. */
    long address() {
        return address;
    }
}
