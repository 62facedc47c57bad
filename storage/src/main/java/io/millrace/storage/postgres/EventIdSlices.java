package io.millrace.storage.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The slices of time in which event ids are remembered, each a plain table: opened, closed, dropped.
 *
 * <ol>
 *   <li>A flush holds the rows of all live slices FOR SHARE to its end: none that it reads is dropped, and the one that it
 *       writes is not closed before it has committed.
 *   <li>A slice is closed, and the next one opened, FOR UPDATE: then all ids in it are committed, and a flush that writes
 *       the next one sees them all. {@code closed_at} is after each of these commits, so that every id is remembered for
 *       the whole window from its commit on.
 *   <li>FOR SHARE takes ROW SHARE on the table. Closing asks for EXCLUSIVE first, since waiters for a table stand in a
 *       queue: a row that others keep sharing would never be had.
 *   <li>An id is remembered for at most the window and one slice; longer only while nothing aggregates.
 * </ol>
 *
 * <p>All times are PostgreSQL's. Not thread-safe; belongs to one session.
 */
final class EventIdSlices {
    /** A flush looks its ids up in so many closed slices, and one more. */
    private static final int SLICES_PER_WINDOW = 4;

    private static final Logger LOG = LoggerFactory.getLogger(EventIdSlices.class);
    private static final int MAX_LOCK_ATTEMPTS = 10;
    private static final long RETRIES_PER_SLICE = 8;

    private static final String OPEN_SLICE =
            "SELECT number, (extract(epoch FROM opened_at - clock_timestamp()) * 1000)::bigint + %d"
                    + " FROM event_id_slices WHERE closed_at IS NULL";

    private static final String LOCK_LIVE = "SELECT number, closed_at IS NULL FROM event_id_slices"
            + " WHERE closed_at IS NULL OR closed_at > clock_timestamp() - %d * interval '1 millisecond'"
            + " ORDER BY number FOR SHARE";

    private static final String EXPIRED = "SELECT number FROM event_id_slices"
            + " WHERE closed_at <= clock_timestamp() - %d * interval '1 millisecond' FOR UPDATE SKIP LOCKED";

    private final Connection connection;
    private final long windowMillis;
    private final long sliceMillis;
    private boolean isReady;
    private long nextLookNanos;

    /** The slices that a flush has to do with; they stay as they are until its transaction ends. */
    record Live(long open, List<Long> closed) {}

    EventIdSlices(final Connection connection, final Duration window) {
        this.connection = connection;
        windowMillis = window.toMillis();
        sliceMillis = Math.max(1, windowMillis / SLICES_PER_WINDOW);
    }

    static String table(final long slice) {
        return "event_ids_" + slice;
    }

    /** Makes sure that there is an open slice. Outside a transaction. */
    void prepare(final long nowNanos) throws SQLException {
        if (!isReady) {
            rotate(nowNanos);
        }
    }

    /**
     * Closes the open slice if it is due, and drops those that nobody needs any more. Outside a transaction.
     *
     * @return whether anything was asked of PostgreSQL
     */
    boolean rotateIfDue(final long nowNanos) throws SQLException {
        if (isReady && nowNanos - nextLookNanos < 0) {
            return false;
        }
        rotate(nowNanos);
        return true;
    }

    /** Locks the live slices for the transaction under way. */
    Live lock() throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(LOCK_LIVE.formatted(windowMillis))) {
            // Who waited for a slice to be closed finds it closed, and the next one only by another look.
            for (int attempt = 0; attempt < MAX_LOCK_ATTEMPTS; attempt++) {
                long open = 0;
                final List<Long> closed = new ArrayList<>();
                try (ResultSet rows = select.executeQuery()) {
                    while (rows.next()) {
                        if (rows.getBoolean(2)) {
                            open = rows.getLong(1);
                        } else {
                            closed.add(rows.getLong(1));
                        }
                    }
                }
                if (open != 0) {
                    return new Live(open, closed);
                }
            }
        }
        throw new SQLException("no slice of event ids is open");
    }

    private void rotate(final long nowNanos) throws SQLException {
        final OptionalLong leftMillis = millisLeft();
        isReady = leftMillis.isPresent();
        if (leftMillis.orElse(0) > 0) {
            nextLookNanos = nowNanos + TimeUnit.MILLISECONDS.toNanos(leftMillis.getAsLong());
            return;
        }
        nextLookNanos = nowNanos + TimeUnit.MILLISECONDS.toNanos(Math.max(1, sliceMillis / RETRIES_PER_SLICE));
        if (inTransaction("close a slice", "2s", this::closeAndOpen)) {
            isReady = true;
            nextLookNanos = nowNanos + TimeUnit.MILLISECONDS.toNanos(sliceMillis);
            inTransaction("drop a slice", "200ms", this::dropExpired);
        }
    }

    /** How long the open slice stays open, if there is one; 0 or less if it is due. */
    private OptionalLong millisLeft() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(OPEN_SLICE.formatted(sliceMillis))) {
            return row.next() ? OptionalLong.of(row.getLong(2)) : OptionalLong.empty();
        }
    }

    private void closeAndOpen(final Statement statement) throws SQLException {
        statement.execute("LOCK TABLE event_id_slices IN EXCLUSIVE MODE");
        long open = 0;
        try (ResultSet row = statement.executeQuery(OPEN_SLICE.formatted(sliceMillis) + " FOR UPDATE")) {
            if (row.next()) {
                open = row.getLong(1);
                if (row.getLong(2) > 0) {
                    return; // another server was first
                }
            }
        }
        if (open != 0 && isEmpty(statement, open)) {
            statement.execute("UPDATE event_id_slices SET opened_at = clock_timestamp() WHERE number = " + open);
            return;
        }
        final long next = next(statement);
        // Dropped before a vacuum could be of use.
        statement.execute("CREATE TABLE " + table(next) + " (id bytea PRIMARY KEY) WITH (autovacuum_enabled = off)");
        statement.execute("UPDATE event_id_slices SET closed_at = clock_timestamp() WHERE closed_at IS NULL");
        statement.execute("INSERT INTO event_id_slices (number, opened_at) VALUES (" + next + ", clock_timestamp())");
    }

    private static boolean isEmpty(final Statement statement, final long slice) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT NOT EXISTS (SELECT FROM " + table(slice) + ")")) {
            row.next();
            return row.getBoolean(1);
        }
    }

    private static long next(final Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("SELECT coalesce(max(number), 0) + 1 FROM event_id_slices")) {
            row.next();
            return row.getLong(1);
        }
    }

    private void dropExpired(final Statement statement) throws SQLException {
        final List<Long> expired = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery(EXPIRED.formatted(windowMillis))) {
            while (rows.next()) {
                expired.add(rows.getLong(1));
            }
        }
        for (final long slice : expired) {
            statement.execute("DROP TABLE " + table(slice));
            statement.execute("DELETE FROM event_id_slices WHERE number = " + slice);
        }
    }

    /** Returns false if a lock was not to be had in time: ids are then remembered a little longer. */
    private boolean inTransaction(final String what, final String lockTimeout, final Step step) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCAL lock_timeout = '" + lockTimeout + "'");
            step.run(statement);
            connection.commit();
            connection.setAutoCommit(true);
            return true;
        } catch (final SQLException e) {
            if (!SqlErrors.isLockTimeout(e)) {
                throw e;
            }
            connection.rollback();
            connection.setAutoCommit(true);
            LOG.info("cannot {} of event ids now, trying again: {}", what, SqlErrors.describe(e));
            return false;
        }
    }

    /** What a transaction does. */
    @FunctionalInterface
    private interface Step {
        void run(Statement statement) throws SQLException;
    }
}
