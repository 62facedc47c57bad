package io.millrace.pipeline.window;

import io.millrace.pipeline.event.EventFlyweight;
import io.millrace.pipeline.event.EventLayout;
import java.util.Arrays;
import java.util.BitSet;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The events between two flushes that have an {@code event_id}, kept apart from the windows: whether one was counted before
 * is known to the window store only, and only while it commits. Numbered 0, 1, 2 … in the order in which they came.
 *
 * <p>Of several events with the same id the first is kept and the others are none of this flush, whatever they hold and
 * whichever streams they come from.
 *
 * <p>Not thread-safe. Allocates only when it grows; {@link #clear()} keeps what was allocated.
 */
public final class IdentifiedEvents {
    /** The entry of an event that was not folded. */
    private static final int NO_ENTRY = -1;

    private final ByteDictionary ids;
    private final UnsafeBuffer arena = new UnsafeBuffer(new byte[1 << 12]);
    private final EventFlyweight view = new EventFlyweight();
    private int arenaEnd;
    private int[] offsets = new int[64];
    private int[] entries = new int[64];
    private String[] streams = new String[64];

    IdentifiedEvents(final long seed) {
        ids = new ByteDictionary(seed);
    }

    /**
     * Keeps a copy of the event, if its id is a new one.
     *
     * @return false if there is an event with this id
     */
    boolean add(final String stream, final EventFlyweight event) {
        final int number = ids.size();
        if (ids.idOf(event.buffer(), event.eventIdOffset(), event.eventIdLength()) < number) {
            return false;
        }
        final int length = event.length();
        if (arenaEnd + length > arena.capacity()) {
            arena.wrap(Arrays.copyOf(arena.byteArray(), Math.max(arenaEnd + length, 2 * arena.capacity())));
        }
        if (number == offsets.length) {
            offsets = Arrays.copyOf(offsets, 2 * number);
            entries = Arrays.copyOf(entries, 2 * number);
            streams = Arrays.copyOf(streams, 2 * number);
        }
        arena.putBytes(arenaEnd, event.buffer(), event.offset(), length);
        offsets[number] = arenaEnd;
        entries[number] = NO_ENTRY;
        streams[number] = stream;
        arenaEnd += length;
        return true;
    }

    /** The number of events. */
    public int size() {
        return ids.size();
    }

    /** Bytes that the events and their ids take. */
    public long byteLength() {
        return (long) arenaEnd + ids.byteLength();
    }

    /** The event ids: the number of an event is the number of its id. */
    public ByteDictionary ids() {
        return ids;
    }

    /** The stream that the event came from. */
    public String stream(final int number) {
        return streams[number];
    }

    /** The event, valid until the next call. */
    public EventFlyweight event(final int number) {
        view.tryWrap(arena, offsets[number], arenaEnd);
        return view;
    }

    /** When the event happened, in epoch milliseconds. */
    public long timestampMillis(final int number) {
        return EventLayout.timestampMillis(arena, offsets[number]);
    }

    /** What the events lie in. */
    public DirectBuffer buffer() {
        return arena;
    }

    /** The entry of the group table that the event was folded into; negative if it was not. */
    public int entry(final int number) {
        return entries[number];
    }

    /** Folds the events that are no duplicates. */
    void foldInto(final GroupTable groups, final BitSet duplicates) {
        for (int number = duplicates.nextClearBit(0), size = size();
                number < size;
                number = duplicates.nextClearBit(number + 1)) {
            entries[number] = groups.add(event(number));
        }
    }

    /** Forgets everything. */
    void clear() {
        Arrays.fill(streams, 0, size(), null);
        ids.clear();
        arenaEnd = 0;
    }
}
