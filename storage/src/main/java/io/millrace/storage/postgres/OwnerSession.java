package io.millrace.storage.postgres;

import io.millrace.pipeline.ship.StreamException;
import io.millrace.pipeline.window.FlushBatch;
import io.millrace.pipeline.window.RefusalHandler;
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
            SET default_transaction_isolation = 'read committed';
            SET work_mem = '64MB'; SET temp_buffers = '32MB';
            SET jit = off; SET enable_nestloop = off; SET enable_mergejoin = off""";

    private final Connection connection;
    private final StreamLocks locks;
    private final DayPartitions partitions;
    private final EventIdSlices slices;
    private final EventIdClaims claims;
    private final FlushTransaction flush;
    private final PreparedStatement ping;
    private final Map<String, Watermark> owned = new HashMap<>();
    private boolean isLarge;

    private OwnerSession(
            final Connection connection, final Duration lease, final Duration dedupWindow, final int abandonedPid)
            throws SQLException {
        this.connection = connection;
        try (Statement statement = connection.createStatement()) {
            statement.execute(SET_UP);
        }
        locks = new StreamLocks(connection, pid(), lease, abandonedPid);
        partitions = new DayPartitions(connection);
        final TableCopy copy = new TableCopy(connection);
        slices = new EventIdSlices(connection, dedupWindow);
        claims = new EventIdClaims(connection, copy, slices);
        flush = new FlushTransaction(connection, copy);
        ping = connection.prepareStatement("SELECT 1");
    }

    /**
     * Opens a session that owns nothing yet.
     *
     * @param dedupWindow how long event ids are remembered, if any come
     * @param abandonedPid see {@link StreamLocks}
     */
    static OwnerSession open(
            final PostgresConnector connector, final Duration lease, final Duration dedupWindow, final int abandonedPid)
            throws SQLException {
        final Connection connection = connector.open(APPLICATION_NAME, LOGIN, Duration.ofMillis(SILENCE_MILLIS));
        try {
            return new OwnerSession(connection, lease, dedupWindow, abandonedPid);
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
     * Commits the batch and the watermarks.
     *
     * @return the watermarks that were committed
     * @throws SQLException if nothing was committed or the outcome is unknown
     */
    Map<String, Watermark> commit(
            final FlushBatch batch, final Map<String, Watermark> watermarks, final long nowMillis, final long nowNanos)
            throws SQLException {
        begin(batch, nowMillis, nowNanos);
        final Map<String, Watermark> after = batch.fold(claims.claim(batch.identified()), watermarks);
        commit(flush.write(batch.groups(), owned, after), after);
        return after;
    }

    /**
     * Commits what PostgreSQL takes of a batch that comes from one stream, and the stream's watermark.
     *
     * @return the watermark that was committed
     * @throws SQLException if nothing was committed or the outcome is unknown
     * @throws StreamException if what was refused could not be handed over: nothing was committed
     */
    Watermark commitPiecewise(
            final FlushBatch batch,
            final String stream,
            final Watermark watermark,
            final RefusalHandler refusals,
            final long nowMillis,
            final long nowNanos)
            throws SQLException, StreamException {
        begin(batch, nowMillis, nowNanos);
        final Watermark folded = batch.fold(claims.claim(batch.identified()), Map.of(stream, watermark))
                .get(stream);
        final PiecewiseFlush pieces = new PiecewiseFlush(connection, flush, batch);
        pieces.write();
        // An event that was not counted may come again, once the reason is gone.
        claims.release(pieces.handOver(refusals));
        final Map<String, Watermark> after = Map.of(stream, folded.setAside(pieces.refusedEvents()));
        commit(flush.advance(owned, after), after);
        return after.get(stream);
    }

    private void begin(final FlushBatch batch, final long nowMillis, final long nowNanos) throws SQLException {
        final int identified = batch.identified().size();
        partitions.ensure(batch, nowMillis);
        if (identified > 0) {
            claims.prepare(nowNanos);
        }
        connection.setAutoCommit(false);
        final int atMost = batch.groups().groupCount() + identified;
        isLarge = atMost > ORDINARY_GROUPS;
        if (isLarge) {
            allowMillis((int) (atMost * MILLIS_PER_GROUP));
        }
    }

    private void commit(final int moved, final Map<String, Watermark> watermarks) throws SQLException {
        if (moved != watermarks.size()) {
            connection.rollback();
            throw new SQLException("only " + moved + " of " + watermarks.size()
                    + " watermarks were as this owner had left them: somebody else has written stream_watermarks");
        }
        connection.commit();
        connection.setAutoCommit(true);
        if (isLarge) {
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

    /**
     * Rotates the slices of event ids, if that is due.
     *
     * @return whether anything was executed
     */
    boolean rotateIfDue(final long nowNanos) throws SQLException {
        return slices.rotateIfDue(nowNanos);
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
