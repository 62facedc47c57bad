package io.millrace.bench.evolution.architecture;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.List;

/** Writes events as rows, in one statement each call. */
final class EventTable {
    private static final String INSERT = "INSERT INTO events (user_id, action, element, timestamp) VALUES (?, ?, ?, ?)";

    private EventTable() {}

    static void insert(final Stores stores, final List<Event> events) throws SQLException {
        try (Connection session = stores.session();
                PreparedStatement statement = session.prepareStatement(INSERT)) {
            for (final Event event : events) {
                statement.setString(1, event.userId());
                statement.setString(2, event.action());
                statement.setString(3, event.element());
                statement.setTimestamp(4, new Timestamp(event.timestampMillis()));
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }
}
