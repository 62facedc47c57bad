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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
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
 * <p>A second lock for each stream is held by whoever asks for it. Both end with their session: what a dead one had or asked
 * for is free.
 *
 * <p>Not thread-safe.
 */
final class StreamLocks {
    private static final Logger LOG = LoggerFactory.getLogger(StreamLocks.class);
    private static final String OWNER = "millrace:stream-owner:";
    private static final String ASKER = "millrace:stream-asker:";
    private static final int TERMINATION_MILLIS = 1_000;
    private static final int CLIENT_WAIT_LEASES = 3;

    private static final String TRY_LOCK =
            "SELECT pg_try_advisory_lock(k.key) FROM unnest(?::bigint[]) WITH ORDINALITY AS k (key, n) ORDER BY k.n";

    private static final String UNLOCK =
            "SELECT bool_and(pg_advisory_unlock(k.key)) FROM unnest(?::bigint[]) AS k (key)";

    // pg_locks shows a 64-bit key as two halves, objsubid 1.
    private static final String LOCKED = """
            SELECT k.is_owner, k.n, l.pid
            FROM (SELECT true, o.key, o.n FROM unnest(?::bigint[]) WITH ORDINALITY AS o (key, n)
                  UNION ALL
                  SELECT false, a.key, a.n FROM unnest(?::bigint[]) WITH ORDINALITY AS a (key, n)) AS k (is_owner, key, n)
            JOIN pg_locks l ON ((l.classid::bigint << 32) | l.objid::bigint) = k.key
            WHERE l.locktype = 'advisory' AND l.objsubid = 1 AND l.granted
              AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())""";

    // state and wait_event are null where this user may not see them.
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
    private final int pid;
    private final int abandonedPid;
    private final long leaseMillis;
    private final Set<String> asking = new HashSet<>();
    private List<String> asked = List.of();

    /**
     * Makes the locks of a session.
     *
     * @param pid the server process of this session
     * @param abandonedPid the server process of this owner's last session, 0 if none; it is ended without waiting, for
     *     nobody is at its other end any more
     */
    StreamLocks(final Connection connection, final int pid, final Duration lease, final int abandonedPid) {
        this.connection = connection;
        this.pid = pid;
        this.abandonedPid = abandonedPid;
        leaseMillis = lease.toMillis();
    }

    /**
     * Locks those streams that are free, and asks for some of the others if their owners have more than their share. Runs
     * outside a transaction.
     *
     * @param streams all that there are
     * @return those that are locked now and were not before
     */
    List<String> acquire(final Collection<String> streams) throws SQLException {
        StreamSurvey survey = survey(streams);
        final List<String> locked = tryLock(OWNER, survey.free());
        final List<String> foreign = survey.foreign();
        if (!foreign.isEmpty() && endSilentHolders(foreign)) {
            final List<String> takenOver = tryLock(OWNER, foreign);
            LOG.info("took over {} of {} streams", takenOver.size(), foreign.size());
            locked.addAll(takenOver);
        }
        if (!locked.isEmpty()) {
            unlock(ASKER, intersection(asking, locked));
            asking.removeAll(locked);
            survey = survey(streams);
        }
        asking.addAll(tryLock(ASKER, survey.wishes()));
        asked = survey.asked();
        return locked;
    }

    /** Those of the locked streams that another asks for, as of the last {@link #acquire}. */
    List<String> asked() {
        return asked;
    }

    /** Unlocks streams. Runs outside a transaction. */
    void release(final Collection<String> streams) throws SQLException {
        unlock(OWNER, streams);
        asked = List.of();
    }

    private StreamSurvey survey(final Collection<String> streams) throws SQLException {
        final List<String> names = List.copyOf(streams);
        final StreamSurvey survey = new StreamSurvey(pid, names);
        try (PreparedStatement statement = connection.prepareStatement(LOCKED)) {
            statement.setObject(1, keys(OWNER, names));
            statement.setObject(2, keys(ASKER, names));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    final String stream = names.get(rows.getInt(2) - 1);
                    if (rows.getBoolean(1)) {
                        survey.holder(stream, rows.getInt(3));
                    } else {
                        survey.asker(stream, rows.getInt(3));
                    }
                }
            }
        }
        return survey;
    }

    private static List<String> intersection(final Collection<String> one, final Collection<String> other) {
        return one.stream().filter(other::contains).toList();
    }

    private List<String> tryLock(final String prefix, final List<String> streams) throws SQLException {
        final List<String> locked = new ArrayList<>();
        if (streams.isEmpty()) {
            return locked;
        }
        try (PreparedStatement statement = connection.prepareStatement(TRY_LOCK)) {
            statement.setObject(1, keys(prefix, streams));
            try (ResultSet rows = statement.executeQuery()) {
                for (final String stream : streams) {
                    rows.next();
                    if (rows.getBoolean(1)) {
                        locked.add(stream);
                    }
                }
            }
        }
        return locked;
    }

    private void unlock(final String prefix, final Collection<String> streams) throws SQLException {
        if (streams.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(UNLOCK)) {
            statement.setObject(1, keys(prefix, streams));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                if (!row.getBoolean(1)) {
                    throw new SQLException("this session does not hold the locks of " + streams);
                }
            }
        }
    }

    private boolean endSilentHolders(final Collection<String> streams) throws SQLException {
        boolean anyEnded = false;
        try (PreparedStatement statement = connection.prepareStatement(END_SILENT_HOLDERS)) {
            statement.setInt(1, TERMINATION_MILLIS);
            statement.setObject(
                    2,
                    LongStream.concat(LongStream.of(keys(OWNER, streams)), LongStream.of(keys(ASKER, streams)))
                            .toArray());
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

    private static long[] keys(final String prefix, final Collection<String> streams) {
        return streams.stream().mapToLong(stream -> hash(prefix + stream)).toArray();
    }

    /** The key by which a stream's owner holds it. */
    static long key(final String stream) {
        return hash(OWNER + stream);
    }

    /** The first eight bytes of a SHA-256 over prefix and name: keys of other programs are not met by accident. */
    private static long hash(final String name) {
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(name.getBytes(UTF_8)))
                    .getLong();
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
