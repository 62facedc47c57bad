package io.millrace.bench.age;

import io.millrace.bench.process.StoredEvents;
import java.sql.SQLException;
import java.util.concurrent.locks.LockSupport;
import org.agrona.collections.LongArrayList;

/**
 * Asks PostgreSQL every few milliseconds how many events its watermarks have, which are committed with the rows. Runs on a thread of
 * its own; what it found belongs to another once that has ended.
 */
final class StoredCounts implements Runnable {
    private static final long PAUSE_NANOS = 5_000_000;

    private final StoredEvents events;
    private final LongArrayList seenNanos = new LongArrayList();
    private final LongArrayList counts = new LongArrayList();
    private volatile long last;
    private volatile boolean stopped;
    private volatile SQLException failure;

    StoredCounts(final StoredEvents events) {
        this.events = events;
    }

    @Override
    public void run() {
        try {
            while (!stopped) {
                final long count = events.count();
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
