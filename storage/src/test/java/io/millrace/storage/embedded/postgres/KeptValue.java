package io.millrace.storage.embedded.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** A value that a test stores and expects to find again. */
final class KeptValue {
    private KeptValue() {}

    static void store(final EmbeddedPostgres postgres, final String text) throws SQLException {
        try (Connection connection = connect(postgres);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE kept AS SELECT '" + text + "'::text AS value");
        }
    }

    static String stored(final EmbeddedPostgres postgres) throws SQLException {
        try (Connection connection = connect(postgres)) {
            return query(connection, "SELECT value FROM kept");
        }
    }

    static Connection connect(final EmbeddedPostgres postgres) throws SQLException {
        return DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
    }

    static String query(final Connection connection, final String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            assertThat(result.next()).as(sql).isTrue();
            return result.getString(1);
        }
    }
}
