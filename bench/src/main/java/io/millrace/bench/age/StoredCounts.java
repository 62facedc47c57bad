package io.millrace.bench.age;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.locks.LockSupport;
import org.agrona.collections.LongArrayList;

/**
 * Asks PostgreSQL every few milliseconds how many events its watermarks have, which are committed with the rows. Runs on a thread of
 * its own; what it found belongs to another once that has ended.
 */
final class StoredCounts implements Runnable {
    private static final long PAUSE_NANOS = 5_000_000;

    private final Connection connection;
    private final LongArrayList seenNanos = new LongArrayList();
    private final LongArrayList counts = new LongArrayList();
    private volatile long last;
    private volatile boolean stopped;
    private volatile SQLException failure;

    StoredCounts(final Connection connection) {
        this.connection = connection;
    }

    @Override
    public void run() {
        try (PreparedStatement query =
                connection.prepareStatement("SELECT coalesce(sum(last_event), 0)::bigint FROM stream_watermarks")) {
            while (!stopped) {
                final long count = count(query);
                if (count > last) {
                    seenNanos.addLong(System.nanoTime());
                    counts.addLong(count);
                    last = count;
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        } catch (final SQLException e) {
            failure = e;
        }
    }

    private static long count(final PreparedStatement query) throws SQLException {
        try (ResultSet row = query.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    /** To ask no more. Any thread. */
    void stop() {
        stopped = true;
    }

    /**
     * The count that was seen last. Any thread.
     *
     * @throws SQLException if it could not go on asking
     */
    long last() throws SQLException {
        if (failure != null) {
            throw failure;
        }
        return last;
    }

    /** How many times there were more than before. */
    int size() {
        return counts.size();
    }

    long seenNanos(final int index) {
        return seenNanos.getLong(index);
    }

    long count(final int index) {
        return counts.getLong(index);
    }
}
