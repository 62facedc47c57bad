package io.millrace.storage.postgres;

import io.millrace.storage.StartupException;
import io.millrace.storage.UnreachableException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;

/**
 * What is done to the database once at start: wait until it answers, check that it can be used, bring its schema up to
 * date, compare the window size. Stateless.
 */
public final class PostgresSchema {
    private static final int MIN_VERSION = 14;
    private static final int VERSIONS_PER_MAJOR = 10_000;
    private static final String APPLICATION_NAME = "millrace-start";
    private static final Duration SILENCE = Duration.ofSeconds(60);
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long MIN_LOGIN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final String WINDOW_SETTING = "window_millis";

    private PostgresSchema() {}

    /**
     * Makes the database ready for this program.
     *
     * @param windowMillis length of a window; it is stored by the first start and must be the same ever after
     * @param startupTimeout how long a server that cannot be reached, or is starting up, is waited for
     * @throws StartupException if the database cannot be used; the message says why and what to do
     */
    public static void prepare(
            final PostgresSettings settings, final long windowMillis, final Duration startupTimeout) {
        prepare(settings, windowMillis, startupTimeout, SystemNanoClock.INSTANCE);
    }

    static void prepare(
            final PostgresSettings settings,
            final long windowMillis,
            final Duration startupTimeout,
            final NanoClock clock) {
        try (Connection connection = connect(settings, startupTimeout, clock)) {
            checkServer(settings, connection);
            SchemaMigrator.migrate(connection);
            checkWindow(settings, connection, windowMillis);
        } catch (final SQLException e) {
            throw new StartupException(
                    "cannot prepare the schema in " + settings.target() + ": " + SqlErrors.describe(e)
                            + "; give a user that may create tables in its schema, or see the server's log",
                    e);
        }
    }

    private static Connection connect(
            final PostgresSettings settings, final Duration startupTimeout, final NanoClock clock) {
        final PostgresConnector connector = new PostgresConnector(settings);
        final long deadlineNanos = clock.nanoTime() + startupTimeout.toNanos();
        while (true) {
            try {
                final long leftNanos = Math.max(deadlineNanos - clock.nanoTime(), MIN_LOGIN_NANOS);
                return connector.open(APPLICATION_NAME, Duration.ofNanos(leftNanos), SILENCE);
            } catch (final SQLException e) {
                if (!mayPass(e)) {
                    throw new StartupException(
                            "PostgreSQL at " + settings + " refuses the connection: " + SqlErrors.describe(e)
                                    + "; check user, password and database in --postgres",
                            e);
                }
                if (clock.nanoTime() - deadlineNanos >= 0) {
                    throw new UnreachableException(
                            "PostgreSQL at " + settings.target() + " cannot be reached within "
                                    + startupTimeout.toMillis() + " ms: " + SqlErrors.describe(e)
                                    + "; start it, correct --postgres, or raise --startup-timeout",
                            e);
                }
            }
            LockSupport.parkNanos(RETRY_NANOS);
            if (Thread.currentThread().isInterrupted()) {
                throw new StartupException(
                        "interrupted while waiting for PostgreSQL at " + settings.target() + "; start again");
            }
        }
    }

    /**
     * Not reachable (class 08), no connection free (53300), starting up or shutting down (57P0x): all may pass. A connection
     * that was rejected (08004) for want of a password stays so.
     */
    private static boolean mayPass(final SQLException error) {
        final String state = String.valueOf(error.getSQLState());
        return (state.startsWith("08") && !"08004".equals(state)) || state.startsWith("57P0") || "53300".equals(state);
    }

    private static void checkServer(final PostgresSettings settings, final Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT current_setting('server_version_num')::int,"
                        + " current_setting('server_encoding'), pg_is_in_recovery()")) {
            row.next();
            final int version = row.getInt(1) / VERSIONS_PER_MAJOR;
            if (version < MIN_VERSION) {
                throw new StartupException("PostgreSQL at " + settings.target() + " has version " + version + ", "
                        + MIN_VERSION + " or later is needed: upgrade the server");
            }
            final String encoding = row.getString(2);
            if (!"UTF8".equals(encoding)) {
                throw new StartupException(
                        "the database " + settings.target() + " has encoding " + encoding
                                + ", UTF8 is needed: create one with CREATE DATABASE <name> ENCODING 'UTF8' TEMPLATE template0");
            }
            if (row.getBoolean(3)) {
                throw new StartupException("PostgreSQL at " + settings.target()
                        + " is a read-only standby: give the primary, or all hosts and targetServerType=primary");
            }
        }
    }

    private static void checkWindow(
            final PostgresSettings settings, final Connection connection, final long windowMillis) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO millrace_settings (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING");
                PreparedStatement select =
                        connection.prepareStatement("SELECT value FROM millrace_settings WHERE name = ?")) {
            insert.setString(1, WINDOW_SETTING);
            insert.setString(2, Long.toString(windowMillis));
            insert.executeUpdate();
            select.setString(1, WINDOW_SETTING);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                final String stored = row.getString(1);
                if (!stored.equals(Long.toString(windowMillis))) {
                    throw new StartupException("--window is " + windowMillis + " ms, but " + settings.target()
                            + " holds windows of " + stored + " ms: start with --window " + stored
                            + "ms, or use another database");
                }
            }
        }
    }
}
