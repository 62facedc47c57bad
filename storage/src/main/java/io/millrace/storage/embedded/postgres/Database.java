package io.millrace.storage.embedded.postgres;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/**
 * The database of an embedded PostgreSQL and the way in.
 *
 * @param port on loopback
 * @param password of the user, who owns the database and the server
 */
record Database(int port, String password) {
    static final String USER = "millrace";
    private static final String NAME = "millrace";
    private static final String MAINTENANCE = "postgres";
    private static final String INVALID_CATALOG_NAME = "3D000";

    /** Makes the database if it is not there yet. */
    void ensureExists() throws SQLException {
        try (Connection connection = connect(NAME)) {
            connection.clearWarnings();
        } catch (final SQLException e) {
            if (!INVALID_CATALOG_NAME.equals(e.getSQLState())) {
                throw e;
            }
            try (Connection connection = connect(MAINTENANCE);
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE DATABASE " + NAME);
            }
        }
    }

    private Connection connect(final String database) throws SQLException {
        final Properties properties = new Properties();
        properties.setProperty("user", USER);
        properties.setProperty("password", password);
        return DriverManager.getConnection(jdbcUrl(database), properties);
    }

    private String jdbcUrl(final String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?sslmode=disable&gssEncMode=disable";
    }

    /** Without user and password. */
    String jdbcUrl() {
        return jdbcUrl(NAME);
    }

    /**
     * With user and password, as psql takes it, see <a
     * href="https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS">connection URIs</a>.
     */
    String uri() {
        return "postgresql://" + USER + ":" + password + "@127.0.0.1:" + port + "/" + NAME
                + "?sslmode=disable&gssencmode=disable";
    }

    /** Leaves the password out. */
    @Override
    public String toString() {
        return "Database[port=" + port + ']';
    }
}
