package io.millrace.pipeline.window;

import io.millrace.pipeline.event.EventFlyweight;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * What is gathered between two flushes: the windows, and apart from them the events whose {@code event_id} the window store
 * has yet to compare.
 *
 * <p>Not thread-safe. Allocates only when it grows.
 */
public final class FlushBatch {
    private static final int MAX_GROUPS = 100_000;
    private static final int MAX_ENTRIES = 4_000_000;
    private static final long MAX_BYTES = 256L << 20;
    private static final int MAX_IDENTIFIED = 500_000;
    private static final long MAX_IDENTIFIED_BYTES = 64L << 20;

    private final GroupTable groups;
    private final IdentifiedEvents identified;
    private final EventIds eventIds;

    /** What becomes of the ids of events. */
    public enum EventIds {
        /** An id that was counted is not counted again. */
        COMPARED,
        /** Every event counts. */
        IGNORED
    }

    /** What becomes of an event. */
    public enum Outcome {
        /** It is in a window. */
        COUNTED,
        /** It has an id, which the window store has to compare. */
        UNDECIDED,
        /** Another event of this batch has its id. */
        DUPLICATE
    }

    /**
     * Makes an empty batch.
     *
     * @param windowMillis length of a window
     * @param seed makes the hashes unpredictable
     */
    public FlushBatch(final long windowMillis, final long seed, final EventIds eventIds) {
        groups = new GroupTable(windowMillis, seed);
        identified = new IdentifiedEvents(seed);
        this.eventIds = eventIds;
    }

    /** The windows. */
    public GroupTable groups() {
        return groups;
    }

    /** The events that are not in the windows yet. */
    public IdentifiedEvents identified() {
        return identified;
    }

    /** Adds an event, and says what became of it. */
    public Outcome add(final String stream, final EventFlyweight event) {
        if (event.eventIdLength() == 0 || eventIds == EventIds.IGNORED) {
            groups.add(event);
            return Outcome.COUNTED;
        }
        return identified.add(stream, event) ? Outcome.UNDECIDED : Outcome.DUPLICATE;
    }

    /** Whether it is time to flush, whatever the clock says. */
    boolean isFull() {
        return groups.groupCount() > MAX_GROUPS
                || groups.entryCount() > MAX_ENTRIES
                || groups.byteLength() > MAX_BYTES
                || identified.size() > MAX_IDENTIFIED
                || identified.byteLength() > MAX_IDENTIFIED_BYTES;
    }

    /**
     * Folds the events kept apart into the windows, but for the duplicates, and accounts for all of them. For a window
     * store that has found out which are which; once a flush.
     *
     * @param duplicates the numbers of those that were counted before
     * @param watermarks of all streams that events came from, without these events' outcome
     * @return the watermarks with it
     */
    public Map<String, Watermark> fold(final BitSet duplicates, final Map<String, Watermark> watermarks) {
        identified.foldInto(groups, duplicates);
        final Map<String, long[]> outcomes = new HashMap<>();
        for (int number = 0, size = identified.size(); number < size; number++) {
            outcomes.computeIfAbsent(identified.stream(number), stream -> new long[2])[
                    duplicates.get(number) ? 1 : 0]++;
        }
        final Map<String, Watermark> accounted = new HashMap<>(watermarks);
        outcomes.forEach((stream, outcome) ->
                accounted.computeIfPresent(stream, (name, watermark) -> watermark.plus(outcome[0], outcome[1])));
        return accounted;
    }

    /** Forgets everything. */
    public void clear() {
        groups.clear();
        identified.clear();
    }
}
