package io.millrace.bench.evolution.architecture;

import io.lettuce.core.StreamMessage;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Adds up events by window, action and element, with the users of each, and writes all of that every 5 seconds: a row of {@code
 * aggregated_events} for each group, and one of {@code user_event_maps} for each of its users. Entries are acknowledged after
 * the commit.
 *
 * <p>Belongs to the worker.
 */
final class WindowSink implements StreamWorker.Sink {
    private static final long FLUSH_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long WINDOW_MILLIS = 10_000;
    private static final String INSERT_GROUP =
            "INSERT INTO aggregated_events (window_start, action, element, count) VALUES (?, ?, ?, ?) RETURNING id";
    private static final String INSERT_USER =
            "INSERT INTO user_event_maps (aggregated_event_id, user_id, count) VALUES (?, ?, ?)";

    private final Stores stores;
    private final EventStream stream;
    private final Map<Group, Map<String, Integer>> groups = new HashMap<>();
    private final List<StreamMessage<String, String>> held = new ArrayList<>();
    private long flushedNanos = System.nanoTime();

    WindowSink(final Stores stores, final EventStream stream) {
        this.stores = stores;
        this.stream = stream;
    }

    private record Group(long windowMillis, String action, String element) {}

    @Override
    public void take(final List<StreamMessage<String, String>> entries) throws SQLException {
        for (final Event event : EventStream.events(entries)) {
            final long window = event.timestampMillis() - Math.floorMod(event.timestampMillis(), WINDOW_MILLIS);
            groups.computeIfAbsent(new Group(window, event.action(), event.element()), group -> new HashMap<>())
                    .merge(event.userId(), 1, Integer::sum);
        }
        held.addAll(entries);
        if (System.nanoTime() - flushedNanos >= FLUSH_NANOS) {
            flush();
            flushedNanos = System.nanoTime();
        }
    }

    private void flush() throws SQLException {
        try (Connection session = stores.session();
                PreparedStatement group = session.prepareStatement(INSERT_GROUP);
                PreparedStatement user = session.prepareStatement(INSERT_USER)) {
            session.setAutoCommit(false);
            for (final Map.Entry<Group, Map<String, Integer>> each : groups.entrySet()) {
                final long id = insert(group, each.getKey(), each.getValue());
                for (final Map.Entry<String, Integer> count : each.getValue().entrySet()) {
                    user.setLong(1, id);
                    user.setString(2, count.getKey());
                    user.setInt(3, count.getValue());
                    user.addBatch();
                }
            }
            user.executeBatch();
            session.commit();
        }
        stream.acknowledge(held);
        groups.clear();
        held.clear();
    }

    private static long insert(final PreparedStatement statement, final Group group, final Map<String, Integer> users)
            throws SQLException {
        statement.setTimestamp(1, new Timestamp(group.windowMillis()));
        statement.setString(2, group.action());
        statement.setString(3, group.element());
        statement.setLong(
                4, users.values().stream().mapToLong(Integer::longValue).sum());
        try (ResultSet id = statement.executeQuery()) {
            id.next();
            return id.getLong(1);
        }
    }
}
