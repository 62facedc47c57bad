package io.millrace.pipeline.window;

import io.millrace.pipeline.event.EventFlyweight;
import java.util.Arrays;

/**
 * The windows between two flushes: for each group (window, action, element) the number of events, and for each user of a
 * group the number of that user's events. Groups are numbered 0, 1, 2 …; the users of a group are a chain of entries.
 *
 * <p>Primitive columns, no object a group. Not thread-safe. Allocates only when it grows; {@link #clear()} keeps what was
 * allocated. Times are epoch milliseconds.
 */
public final class GroupTable {
    /** Ends the chain of a group's user entries. */
    public static final int NO_ENTRY = -1;

    private final long windowMillis;
    private final long seed;
    private final ByteDictionary labels;
    private final ByteDictionary users;

    private final LongIndex groups = new LongIndex();
    private long[] groupCounts = new long[1024];
    private int[] groupUsers = new int[1024];
    private int[] firstEntries = new int[1024];

    private final UserEntries entries = new UserEntries();

    private long eventCount;

    /** The window of the event before: most events are of the same one. */
    private long lastWindowStartMillis;

    /**
     * Makes an empty table.
     *
     * @param windowMillis length of a window
     * @param seed makes the hashes unpredictable
     */
    public GroupTable(final long windowMillis, final long seed) {
        this.windowMillis = windowMillis;
        this.seed = seed;
        labels = new ByteDictionary(seed);
        users = new ByteDictionary(~seed);
    }

    /**
     * Counts one event.
     *
     * @return the entry that counts it
     */
    public int add(final EventFlyweight event) {
        final long windowStartMillis = windowStartOf(event.timestampMillis());
        final int action = labels.idOf(event.buffer(), event.actionOffset(), event.actionLength());
        final int element = labels.idOf(event.buffer(), event.elementOffset(), event.elementLength());
        final int user = users.idOf(event.buffer(), event.userOffset(), event.userLength());
        return add(windowStartMillis, action, element, user, 1);
    }

    /** Adds entries {@code first} to {@code last - 1} of another table with windows of the same length. */
    public void add(final GroupTable other, final int first, final int last) {
        for (int entry = first; entry < last; entry++) {
            final int group = other.entryGroup(entry);
            add(
                    other.windowStartMillis(group),
                    labels.idOf(other.labels, other.action(group)),
                    labels.idOf(other.labels, other.element(group)),
                    users.idOf(other.users, other.entryUser(entry)),
                    other.entryEvents(entry));
        }
    }

    private int add(
            final long windowStartMillis, final int action, final int element, final int user, final int events) {
        final int group = groups.idOf(windowStartMillis, pair(action, element));
        if (group == groupCounts.length) {
            groupCounts = Arrays.copyOf(groupCounts, 2 * group);
            groupUsers = Arrays.copyOf(groupUsers, 2 * group);
            firstEntries = Arrays.copyOf(firstEntries, 2 * group);
        }
        final int known = entries.size();
        final int entry = entries.add(group, user, events);
        if (entry == known) {
            final boolean firstOfGroup = groupCounts[group] == 0;
            entries.link(entry, firstOfGroup ? NO_ENTRY : firstEntries[group]);
            firstEntries[group] = entry;
            groupUsers[group]++;
        }
        groupCounts[group] += events;
        eventCount += events;
        return entry;
    }

    private long windowStartOf(final long timestampMillis) {
        final long sinceLastStart = timestampMillis - lastWindowStartMillis;
        if (sinceLastStart < 0 || sinceLastStart >= windowMillis) {
            lastWindowStartMillis = timestampMillis - Math.floorMod(timestampMillis, windowMillis);
        }
        return lastWindowStartMillis;
    }

    /** Forgets everything. */
    public void clear() {
        Arrays.fill(groupCounts, 0, groups.size(), 0);
        Arrays.fill(groupUsers, 0, groups.size(), 0);
        groups.clear();
        entries.clear();
        labels.clear();
        users.clear();
        eventCount = 0;
    }

    /** The length of a window. */
    public long windowMillis() {
        return windowMillis;
    }

    /** The number of events counted. */
    public long eventCount() {
        return eventCount;
    }

    /** The number of groups. */
    public int groupCount() {
        return groups.size();
    }

    /** The number of (group, user) pairs. */
    public int entryCount() {
        return entries.size();
    }

    /** Bytes of distinct strings held. */
    public long byteLength() {
        return (long) labels.byteLength() + users.byteLength();
    }

    public long windowStartMillis(final int group) {
        return groups.high(group);
    }

    /** The group's action, an id of {@link #labels()}. */
    public int action(final int group) {
        return (int) (groups.low(group) >>> 32);
    }

    /** The group's element, an id of {@link #labels()}. */
    public int element(final int group) {
        return (int) groups.low(group);
    }

    /** The number of the group's events. */
    public long count(final int group) {
        return groupCounts[group];
    }

    /** The number of the group's distinct users. */
    public int userCount(final int group) {
        return groupUsers[group];
    }

    /** The first of the group's user entries. */
    public int firstEntry(final int group) {
        return firstEntries[group];
    }

    /** The entry after this one in its group, or {@link #NO_ENTRY}. */
    public int nextEntry(final int entry) {
        return entries.next(entry);
    }

    /** The entry's group. */
    public int entryGroup(final int entry) {
        return entries.group(entry);
    }

    /** The entry's user, an id of {@link #users()}. */
    public int entryUser(final int entry) {
        return entries.user(entry);
    }

    /** The number of events of the entry's user in its group. */
    public int entryEvents(final int entry) {
        return entries.count(entry);
    }

    /** Actions and elements. */
    public ByteDictionary labels() {
        return labels;
    }

    public ByteDictionary users() {
        return users;
    }

    /** An empty table with windows of the same length. */
    public GroupTable newTable() {
        return new GroupTable(windowMillis, seed);
    }

    private static long pair(final int high, final int low) {
        return ((long) high << 32) | low;
    }
}
