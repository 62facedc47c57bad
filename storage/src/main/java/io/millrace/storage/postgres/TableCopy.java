package io.millrace.storage.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyManager;

/** Binary COPY into tables over one connection. Not thread-safe. A failure leaves the connection without a COPY under way. */
final class TableCopy {
    private final CopyManager copyManager;
    private final BinaryCopyWriter writer = new BinaryCopyWriter();

    TableCopy(final Connection connection) throws SQLException {
        copyManager = connection.unwrap(PGConnection.class).getCopyAPI();
    }

    /** Runs one COPY … FROM STDIN (FORMAT binary). */
    void copy(final String sql, final Rows rows) throws SQLException {
        final CopyIn copy = copyManager.copyIn(sql);
        try {
            writer.begin(copy::writeToCopy);
            final long written = rows.write(writer);
            writer.end();
            final long copied = copy.endCopy();
            if (copied != written) {
                throw new SQLException("COPY took " + copied + " of " + written + " rows");
            }
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }

    /** Writes rows and says how many. */
    @FunctionalInterface
    interface Rows {
        long write(BinaryCopyWriter writer) throws SQLException;
    }
}
