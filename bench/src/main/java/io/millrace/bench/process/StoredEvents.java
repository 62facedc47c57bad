package io.millrace.bench.process;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** How many events stand in a server's PostgreSQL, by the watermarks that were committed with them. Not thread-safe. */
public final class StoredEvents implements AutoCloseable {
    private static final String COUNTED = "SELECT coalesce(sum(counted), 0)::bigint FROM stream_watermarks";
    private static final long POLL_MILLIS = 20;

    private final Connection database;
    private final Statement statement;

    public StoredEvents(final ServiceProcess server) throws IOException, SQLException {
        database = server.connect();
        statement = database.createStatement();
    }

    /** So far. */
    public long count() throws SQLException {
        try (ResultSet row = statement.executeQuery(COUNTED)) {
            row.next();
            return row.getLong(1);
        }
    }

    /**
     * Waits until there are so many.
     *
     * @throws IOException if that takes longer than the limit
     */
    public void await(final long events, final Duration limit) throws IOException, SQLException, InterruptedException {
        final long deadlineNanos = System.nanoTime() + limit.toNanos();
        for (long stored = count(); stored < events; stored = count()) {
            if (System.nanoTime() - deadlineNanos >= 0) {
                throw new IOException(stored + " of " + events + " events are stored after " + limit);
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    @Override
    public void close() throws SQLException {
        database.close();
    }
}
