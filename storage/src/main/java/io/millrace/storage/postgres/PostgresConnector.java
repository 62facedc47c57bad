package io.millrace.storage.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/** Opens direct connections. What the operator put into the URL goes before what is set here. Thread-safe. */
public final class PostgresConnector {
    private static final int CONNECT_TIMEOUT_SECONDS = 5;

    private final PostgresSettings settings;

    public PostgresConnector(final PostgresSettings settings) {
        this.settings = settings;
    }

    /**
     * Opens a connection.
     *
     * @param applicationName what {@code pg_stat_activity} shows
     * @param login how long all of connecting may take
     * @param silence how long the server may take to answer before the connection is given up
     */
    Connection open(final String applicationName, final Duration login, final Duration silence) throws SQLException {
        final Properties properties = properties(applicationName, silence);
        PGProperty.LOGIN_TIMEOUT.set(properties, String.valueOf(login.toMillis() / 1e3));
        final Connection connection = new Driver().connect(settings.jdbcUrl(), properties);
        if (connection == null) {
            throw new SQLException("the driver does not take the URL " + settings.target());
        }
        return connection;
    }

    /** What the driver is told beside the URL. */
    public Properties properties(final String applicationName, final Duration silence) {
        final Properties properties = new Properties();
        if (settings.user() != null) {
            PGProperty.USER.set(properties, settings.user());
        }
        if (settings.password() != null) {
            PGProperty.PASSWORD.set(properties, settings.password());
        }
        PGProperty.APPLICATION_NAME.set(properties, applicationName);
        PGProperty.CONNECT_TIMEOUT.set(properties, CONNECT_TIMEOUT_SECONDS);
        PGProperty.SOCKET_TIMEOUT.set(properties, (int) silence.toSeconds());
        PGProperty.TCP_KEEP_ALIVE.set(properties, true);
        // The statements are few and are run for ever: named, and in binary, from the first run on.
        PGProperty.PREPARE_THRESHOLD.set(properties, 1);
        return properties;
    }
}
