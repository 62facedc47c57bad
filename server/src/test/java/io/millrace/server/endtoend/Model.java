package io.millrace.server.endtoend;

import java.util.HashMap;
import java.util.Map;

/** What the tables must hold: the number of events of each user in each group. Not thread-safe. */
final class Model {
    private final Map<Key, Long> counts = new HashMap<>();
    private final long windowMillis;
    private long events;

    Model(final long windowMillis) {
        this.windowMillis = windowMillis;
    }

    void add(final Event event) {
        final long window = Math.floorDiv(event.timestampMillis(), windowMillis) * windowMillis;
        counts.merge(new Key(window, event.action(), event.element(), event.user()), 1L, Long::sum);
        events++;
    }

    void addAll(final Model other) {
        other.counts.forEach((key, count) -> counts.merge(key, count, Long::sum));
        events += other.events;
    }

    /** The number of events added. */
    long events() {
        return events;
    }

    /** Events of each user in each group. */
    Map<Key, Long> users() {
        return counts;
    }

    /** Events of each group; the user of the key is empty. */
    Map<Key, Long> groups() {
        final Map<Key, Long> groups = new HashMap<>();
        counts.forEach((key, count) -> groups.merge(key.group(), count, Long::sum));
        return groups;
    }

    /** An event that the server must count. */
    record Event(String user, String action, String element, long timestampMillis) {}

    /** A user in a group, or the group if the user is empty. */
    record Key(long windowMillis, String action, String element, String user) {
        Key group() {
            return new Key(windowMillis, action, element, "");
        }
    }
}
