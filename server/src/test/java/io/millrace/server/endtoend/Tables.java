package io.millrace.server.endtoend;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;

/** Reads the tables as anybody would, by plain SQL. */
final class Tables {
    private static final String WINDOW_MILLIS = "(extract(epoch from window_start) * 1000)::bigint";

    private final String jdbcUrl;
    private final String user;
    private final String password;

    Tables(final String jdbcUrl, final String user, final String password) {
        this.jdbcUrl = jdbcUrl;
        this.user = user;
        this.password = password;
    }

    /** Events of each group in {@code aggregated_events}. */
    Map<Model.Key, Long> groups() throws SQLException {
        return counts("SELECT " + WINDOW_MILLIS + ", action, element, '', count FROM aggregated_events");
    }

    /** Events of each user in each group, as the view {@code user_events} shows them. */
    Map<Model.Key, Long> users() throws SQLException {
        return counts("SELECT " + WINDOW_MILLIS + ", action, element, user_id, count FROM user_events");
    }

    /** The first column of the first row. */
    long number(final String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(jdbcUrl, user, password);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private Map<Model.Key, Long> counts(final String sql) throws SQLException {
        final Map<Model.Key, Long> counts = new HashMap<>();
        try (Connection connection = DriverManager.getConnection(jdbcUrl, user, password);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                final Model.Key key =
                        new Model.Key(rows.getLong(1), rows.getString(2), rows.getString(3), rows.getString(4));
                if (counts.put(key, rows.getLong(5)) != null) {
                    throw new AssertionError("two rows for " + key);
                }
            }
        }
        return counts;
    }
}
