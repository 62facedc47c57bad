package io.millrace.storage.postgres;

import io.millrace.pipeline.window.ByteDictionary;
import io.millrace.pipeline.window.GroupTable;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyManager;

/**
 * Copies a range of groups, and their users, into tables. Groups keep their number of {@link GroupTable}.
 *
 * <p>Not thread-safe. A failure leaves the connection without a COPY under way.
 */
final class GroupCopy {
    private static final String COPY_GROUPS = "COPY " + FlushTransaction.STAGING
            + " (number, window_start, action, element, count) FROM STDIN (FORMAT binary)";
    private static final String COPY_USERS =
            "COPY user_event_maps (aggregated_event_id, window_start, user_ids, counts)"
                    + " FROM STDIN (FORMAT binary)";

    /** Users in one row: a group of millions of users must not meet PostgreSQL's limit of 1 GB for a field. */
    static final int MAX_USERS_PER_ROW = 8_192;

    private final CopyManager copyManager;
    private final BinaryCopyWriter writer = new BinaryCopyWriter();

    GroupCopy(final Connection connection) throws SQLException {
        copyManager = connection.unwrap(PGConnection.class).getCopyAPI();
    }

    /** Copies groups {@code from} to {@code to - 1} into the staging table. */
    void copyGroups(final GroupTable groups, final int from, final int to) throws SQLException {
        copy(COPY_GROUPS, () -> {
            for (int group = from; group < to; group++) {
                writer.startRow(5);
                writer.putInt(group);
                writer.putTimestamp(groups.windowStartMillis(group));
                putString(groups.labels(), groups.action(group));
                putString(groups.labels(), groups.element(group));
                writer.putLong(groups.count(group));
            }
            return (long) to - from;
        });
    }

    /**
     * Copies the users of groups {@code from} to {@code to - 1}.
     *
     * @param ids for each group of the range its id in {@code aggregated_events}
     */
    void copyUsers(final GroupTable groups, final int from, final int to, final long[] ids) throws SQLException {
        copy(COPY_USERS, () -> {
            long rows = 0;
            for (int group = from; group < to; group++) {
                int entry = groups.firstEntry(group);
                int left = groups.userCount(group);
                while (left > 0) {
                    final int users = Math.min(left, MAX_USERS_PER_ROW);
                    writer.startRow(4);
                    writer.putLong(ids[group - from]);
                    writer.putTimestamp(groups.windowStartMillis(group));
                    entry = putUsers(groups, entry, users);
                    left -= users;
                    rows++;
                }
            }
            return rows;
        });
    }

    /** Puts the users and then their counts; returns the entry that follows. The chain is walked once for the length. */
    private int putUsers(final GroupTable groups, final int first, final int users) throws SQLException {
        final ByteDictionary names = groups.users();
        int nameBytes = 0;
        int entry = first;
        for (int i = 0; i < users; i++, entry = groups.nextEntry(entry)) {
            nameBytes += Integer.BYTES + names.length(groups.entryUser(entry));
        }
        writer.startArray(BinaryCopyWriter.TEXT_OID, users, nameBytes);
        entry = first;
        for (int i = 0; i < users; i++, entry = groups.nextEntry(entry)) {
            putString(names, groups.entryUser(entry));
        }
        writer.startArray(BinaryCopyWriter.INT4_OID, users, users * 2 * Integer.BYTES);
        entry = first;
        for (int i = 0; i < users; i++, entry = groups.nextEntry(entry)) {
            writer.putInt(groups.entryEvents(entry));
        }
        return entry;
    }

    private void putString(final ByteDictionary dictionary, final int id) throws SQLException {
        writer.putText(dictionary.bytes(), dictionary.offset(id), dictionary.length(id));
    }

    private void copy(final String sql, final Rows rows) throws SQLException {
        final CopyIn copy = copyManager.copyIn(sql);
        try {
            writer.begin(copy::writeToCopy);
            final long written = rows.write();
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
    private interface Rows {
        long write() throws SQLException;
    }
}
