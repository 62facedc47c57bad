package io.millrace.storage.postgres;

import io.millrace.pipeline.window.GroupTable;
import io.millrace.pipeline.window.Watermark;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.postgresql.PGConnection;

/**
 * One connection to PostgreSQL and all that lives and dies with it: locks on streams, the staging table, prepared
 * statements, the watermarks as this session knows them. After any SQLException it is of no more use and must be closed.
 *
 * <p>Not thread-safe.
 */
final class OwnerSession implements AutoCloseable {
    private static final String APPLICATION_NAME = "millrace-aggregator";
    private static final Duration LOGIN = Duration.ofSeconds(10);
    private static final int STATEMENT_MILLIS = 60_000;
    private static final int SILENCE_MILLIS = STATEMENT_MILLIS + 5_000;

    /** Groups that the timeouts above are meant for, and what each further one adds: eight times what an idle machine took. */
    private static final int ORDINARY_GROUPS = 50_000;

    private static final double MILLIS_PER_GROUP = 0.1;

    // synchronous_commit is raised only from off: what else an operator chose outlives a crash too. The server drops a
    // dead client's session, and with it the locks, by TCP; the driver keeps its own watch by the socket timeout.
    // Staging is never analysed, so the planner knows nothing of it: it must not choose a plan for few rows (nested
    // loop,
    // sorts for a merge) nor one that its own guess makes look expensive (JIT: 0.25 s each time).
    private static final String SET_UP = """
            SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off';
            SET statement_timeout = '60s'; SET lock_timeout = '30s';
            SET idle_in_transaction_session_timeout = '60s'; SET idle_session_timeout = 0;
            SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 3;
            SET tcp_user_timeout = '10s';
            SET work_mem = '64MB'; SET temp_buffers = '32MB';
            SET jit = off; SET enable_nestloop = off; SET enable_mergejoin = off""";

    private final Connection connection;
    private final StreamLocks locks;
    private final DayPartitions partitions;
    private final FlushTransaction flush;
    private final PreparedStatement ping;
    private final Map<String, Watermark> owned = new HashMap<>();

    private OwnerSession(final Connection connection, final Duration lease, final int abandonedPid)
            throws SQLException {
        this.connection = connection;
        try (Statement statement = connection.createStatement()) {
            statement.execute(SET_UP);
        }
        locks = new StreamLocks(connection, pid(), lease, abandonedPid);
        partitions = new DayPartitions(connection);
        flush = new FlushTransaction(connection);
        ping = connection.prepareStatement("SELECT 1");
    }

    /**
     * Opens a session that owns nothing yet.
     *
     * @param abandonedPid see {@link StreamLocks}
     */
    static OwnerSession open(final PostgresConnector connector, final Duration lease, final int abandonedPid)
            throws SQLException {
        final Connection connection = connector.open(APPLICATION_NAME, LOGIN, Duration.ofMillis(SILENCE_MILLIS));
        try {
            return new OwnerSession(connection, lease, abandonedPid);
        } catch (final SQLException e) {
            closeAfter(e, connection);
            throw e;
        }
    }

    Map<String, Watermark> own(final Collection<String> listed) throws SQLException {
        if (listed.isEmpty()) {
            return Map.of();
        }
        final List<String> locked = locks.acquire(listed);
        if (locked.isEmpty()) {
            return Map.of();
        }
        // Read in a statement after the lock's: what the owner before us committed is in this snapshot.
        final Map<String, Watermark> watermarks = WatermarkTable.load(connection, locked);
        owned.putAll(watermarks);
        return watermarks;
    }

    /** Those of the owned streams that another owner asks for. */
    List<String> asked() {
        return locks.asked();
    }

    void release(final Collection<String> streams) throws SQLException {
        locks.release(streams);
        owned.keySet().removeAll(streams);
    }

    /**
     * Commits the groups and the watermarks.
     *
     * @throws SQLException if nothing was committed or the outcome is unknown
     */
    void commit(final GroupTable groups, final Map<String, Watermark> watermarks, final long nowMillis)
            throws SQLException {
        partitions.ensure(groups, nowMillis);
        connection.setAutoCommit(false);
        final boolean large = groups.groupCount() > ORDINARY_GROUPS;
        if (large) {
            allowMillis((int) (groups.groupCount() * MILLIS_PER_GROUP));
        }
        final int moved = flush.write(groups, 0, groups.groupCount(), owned, watermarks);
        if (moved != watermarks.size()) {
            connection.rollback();
            throw new SQLException("only " + moved + " of " + watermarks.size()
                    + " watermarks were as this owner had left them: somebody else has written stream_watermarks");
        }
        connection.commit();
        connection.setAutoCommit(true);
        if (large) {
            connection.setNetworkTimeout(Runnable::run, SILENCE_MILLIS);
        }
        owned.putAll(watermarks);
    }

    /** A flush that only ever timed out would be tried for ever, and grow: a large one gets more time, by its size. */
    private void allowMillis(final int moreMillis) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCAL statement_timeout = " + (STATEMENT_MILLIS + moreMillis));
        }
        connection.setNetworkTimeout(Runnable::run, SILENCE_MILLIS + moreMillis);
    }

    /** The process that serves this session. */
    int pid() throws SQLException {
        return connection.unwrap(PGConnection.class).getBackendPID();
    }

    boolean owns(final Collection<String> streams) {
        return owned.keySet().containsAll(streams);
    }

    Watermark watermark(final String stream) {
        return owned.get(stream);
    }

    void ping() throws SQLException {
        try (ResultSet row = ping.executeQuery()) {
            row.next();
        }
    }

    /** Ends the session: an open transaction is rolled back, the locks are given up. */
    @Override
    public void close() throws SQLException {
        connection.close();
    }

    private static void closeAfter(final SQLException failure, final Connection connection) {
        try {
            connection.close();
        } catch (final SQLException e) {
            failure.addSuppressed(e);
        }
    }
}
