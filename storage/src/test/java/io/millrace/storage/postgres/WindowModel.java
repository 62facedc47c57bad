package io.millrace.storage.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.pipeline.event.EventFlyweight;
import io.millrace.pipeline.event.EventLayout;
import io.millrace.pipeline.ship.EntryId;
import io.millrace.pipeline.testing.TestEvent;
import io.millrace.pipeline.window.FlushBatch;
import io.millrace.pipeline.window.Watermark;
import io.millrace.storage.testing.PostgresExtension;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.agrona.concurrent.UnsafeBuffer;

/** Counts events the plain way, beside a batch, to compare with what the tables then hold. */
public final class WindowModel {
    public static final long WINDOW_MILLIS = 10_000;

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[EventLayout.MAX_LENGTH]);
    private final EventFlyweight flyweight = new EventFlyweight();
    private final Map<List<String>, Long> users = new TreeMap<>(WindowModel::compare);
    private final Map<List<String>, Long> groups = new TreeMap<>(WindowModel::compare);
    private long events;

    public static FlushBatch newBatch() {
        return new FlushBatch(WINDOW_MILLIS, 42, FlushBatch.EventIds.COMPARED);
    }

    /** The watermark of a stream all of whose events up to this one were counted. */
    public static Watermark counted(final long lastEvent) {
        return new Watermark(new EntryId(0, lastEvent), lastEvent, lastEvent, 0, 0, 0);
    }

    /** Adds an event to the batch only. */
    public FlushBatch.Outcome send(final FlushBatch batch, final String stream, final TestEvent event) {
        return send(batch, stream, event, event.user().getBytes(UTF_8));
    }

    /** Adds an event to the batch only, with a user of other bytes, as many as the event's user has. */
    public FlushBatch.Outcome send(
            final FlushBatch batch, final String stream, final TestEvent event, final byte[] user) {
        final int length = event.write(buffer, 0);
        buffer.putBytes(EventLayout.HEADER_LENGTH, user);
        if (!flyweight.tryWrap(buffer, 0, length)) {
            throw new IllegalArgumentException("not an event: " + event);
        }
        return batch.add(stream, flyweight);
    }

    /** Adds an event without an id to the batch, and counts it. */
    public void add(final FlushBatch batch, final TestEvent event) {
        if (send(batch, "", event) != FlushBatch.Outcome.COUNTED) {
            throw new IllegalArgumentException("not counted at once: " + event);
        }
        count(event);
    }

    /** Counts an event. */
    public void count(final TestEvent event) {
        final String window =
                Long.toString(event.timestampMillis() - Math.floorMod(event.timestampMillis(), WINDOW_MILLIS));
        users.merge(List.of(window, event.action(), event.element(), event.user()), 1L, Long::sum);
        groups.merge(List.of(window, event.action(), event.element()), 1L, Long::sum);
        events++;
    }

    public long events() {
        return events;
    }

    public Map<List<String>, Long> users() {
        return users;
    }

    public Map<List<String>, Long> groups() {
        return groups;
    }

    public static Map<List<String>, Long> storedUsers(final PostgresSettings settings) throws SQLException {
        return counts(
                settings,
                "SELECT extract(epoch FROM window_start)::numeric(20) * 1000, action, element, user_id,"
                        + " count FROM user_events");
    }

    public static Map<List<String>, Long> storedGroups(final PostgresSettings settings) throws SQLException {
        return counts(
                settings,
                "SELECT extract(epoch FROM window_start)::numeric(20) * 1000, action, element, count"
                        + " FROM aggregated_events");
    }

    private static Map<List<String>, Long> counts(final PostgresSettings settings, final String query)
            throws SQLException {
        final Map<List<String>, Long> counts = new TreeMap<>(WindowModel::compare);
        for (final List<String> row : PostgresExtension.rows(settings, query)) {
            final int last = row.size() - 1;
            counts.put(List.copyOf(row.subList(0, last)), Long.valueOf(row.get(last)));
        }
        return counts;
    }

    private static int compare(final List<String> left, final List<String> right) {
        for (int i = 0; i < left.size(); i++) {
            final int order = left.get(i).compareTo(right.get(i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }
}
