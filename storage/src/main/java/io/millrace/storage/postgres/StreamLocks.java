package io.millrace.storage.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One session advisory lock for each stream, held by the session that commits. The database gives it up when that
 * session ends, however it ends.
 *
 * <p>A holder that lives executes something at least every third of the lease. One that has been idle for longer than the
 * lease is ended. So is one in the middle of a statement if the server has waited for its client for three leases: that is
 * a client stopped inside a COPY, where no timeout of the server fires; the factor is for a COPY that is merely long. A
 * holder whose statement is running is left alone: statement_timeout bounds it.
 *
 * <p>Not thread-safe.
 */
final class StreamLocks {
    private static final Logger LOG = LoggerFactory.getLogger(StreamLocks.class);
    private static final String KEY_PREFIX = "millrace:stream-owner:";
    private static final int TERMINATION_MILLIS = 1_000;
    private static final int CLIENT_WAIT_LEASES = 3;

    private static final String TRY_LOCK =
            "SELECT pg_try_advisory_lock(k.key) FROM unnest(?::bigint[]) WITH ORDINALITY AS k (key, n) ORDER BY k.n";

    // pg_locks shows a 64-bit key as two halves, objsubid 1. state and wait_event are null where this user may not see
    // them.
    private static final String END_SILENT_HOLDERS = """
            SELECT a.pid, a.application_name, a.state, pg_terminate_backend(a.pid, ?)
            FROM pg_stat_activity a
            WHERE a.pid <> pg_backend_pid()
              AND a.usename = session_user
              AND a.pid IN (
                SELECT l.pid FROM pg_locks l
                WHERE l.locktype = 'advisory' AND l.objsubid = 1 AND l.granted
                  AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
                  AND ((l.classid::bigint << 32) | l.objid::bigint) = ANY (?))
              AND (a.pid = ?
                OR a.state LIKE 'idle%' AND clock_timestamp() - a.state_change > ? * interval '1 millisecond'
                OR a.state = 'active' AND a.wait_event_type = 'Client'
                  AND clock_timestamp() - a.query_start > ? * interval '1 millisecond')""";

    private final Connection connection;
    private final int abandonedPid;
    private final long leaseMillis;

    /**
     * Makes the locks of a session.
     *
     * @param abandonedPid the server process of this owner's last session, 0 if none; it is ended without waiting, for
     *     nobody is at its other end any more
     */
    StreamLocks(final Connection connection, final Duration lease, final int abandonedPid) {
        this.connection = connection;
        this.abandonedPid = abandonedPid;
        leaseMillis = lease.toMillis();
    }

    /** Tries to lock each stream; returns those that are locked now. Runs outside a transaction. */
    List<String> acquire(final Collection<String> streams) throws SQLException {
        final List<String> locked = new ArrayList<>();
        final List<String> refused = tryLock(streams, locked);
        if (!refused.isEmpty() && endSilentHolders(refused)) {
            final List<String> stillRefused = tryLock(refused, locked);
            LOG.info("took over {} of {} streams", refused.size() - stillRefused.size(), refused.size());
        }
        return locked;
    }

    private List<String> tryLock(final Collection<String> streams, final List<String> locked) throws SQLException {
        final List<String> refused = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(TRY_LOCK)) {
            statement.setObject(1, keys(streams));
            try (ResultSet rows = statement.executeQuery()) {
                for (final String stream : streams) {
                    rows.next();
                    (rows.getBoolean(1) ? locked : refused).add(stream);
                }
            }
        }
        return refused;
    }

    private boolean endSilentHolders(final Collection<String> streams) throws SQLException {
        boolean anyEnded = false;
        try (PreparedStatement statement = connection.prepareStatement(END_SILENT_HOLDERS)) {
            statement.setInt(1, TERMINATION_MILLIS);
            statement.setObject(2, keys(streams));
            statement.setInt(3, abandonedPid);
            statement.setLong(4, leaseMillis);
            statement.setLong(5, CLIENT_WAIT_LEASES * leaseMillis);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    final boolean ended = rows.getBoolean(4);
                    LOG.warn(
                            "a stream's owner is gone or silent for longer than the lease of {} ms: {} session {} ({}, {})",
                            leaseMillis,
                            ended ? "ended" : "could not end",
                            rows.getInt(1),
                            rows.getString(2),
                            rows.getString(3));
                    anyEnded |= ended;
                }
            }
        }
        return anyEnded;
    }

    private static long[] keys(final Collection<String> streams) {
        final long[] keys = new long[streams.size()];
        int i = 0;
        for (final String stream : streams) {
            keys[i++] = key(stream);
        }
        return keys;
    }

    /** The first eight bytes of a SHA-256 over prefix and name: keys of other programs are not met by accident. */
    static long key(final String stream) {
        try {
            final byte[] digest = MessageDigest.getInstance("SHA-256").digest((KEY_PREFIX + stream).getBytes(UTF_8));
            return ByteBuffer.wrap(digest).getLong();
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
