package io.millrace.bench.day;

import io.millrace.bench.load.EventShape;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the generator has sent, counted as the tables should have it. Belongs to the generator's thread; afterwards to whoever
 * has seen it end.
 */
final class DayModel {
    private final int actions;
    private final int elements;
    private final int users;
    private final long windowMillis;
    private final SortedMap<Long, Window> windows = new TreeMap<>();

    DayModel(final EventShape shape, final long windowMillis) {
        actions = shape.actions();
        elements = shape.elements();
        users = shape.users();
        this.windowMillis = windowMillis;
    }

    /** The window of a time. */
    Window at(final long epochMillis) {
        return windows.computeIfAbsent(
                epochMillis - Math.floorMod(epochMillis, windowMillis),
                start -> new Window(elements, new long[actions * elements], new long[users]));
    }

    /** Each window by its start, in epoch milliseconds. */
    SortedMap<Long, Window> windows() {
        return Collections.unmodifiableSortedMap(windows);
    }

    /**
     * The counts of a window.
     *
     * @param elements how many there are
     * @param groups by action and element, see {@link #group}
     * @param users by user
     */
    @SuppressWarnings("ArrayRecordComponent") // they are what is counted in
    record Window(int elements, long[] groups, long[] users) {
        int group(final int action, final int element) {
            return action * elements + element;
        }

        void count(final int user, final int action, final int element) {
            groups[group(action, element)]++;
            users[user]++;
        }
    }
}
