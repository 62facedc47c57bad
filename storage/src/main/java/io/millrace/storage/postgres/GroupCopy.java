package io.millrace.storage.postgres;

import io.millrace.pipeline.window.ByteDictionary;
import io.millrace.pipeline.window.GroupTable;
import java.sql.SQLException;

/** Copies groups, and their users, into tables. Groups keep their number of {@link GroupTable}. Not thread-safe. */
final class GroupCopy {
    private static final String COPY_GROUPS = "COPY " + FlushTransaction.STAGING
            + " (number, window_start, action, element, count) FROM STDIN (FORMAT binary)";
    private static final String COPY_USERS =
            "COPY user_event_maps (aggregated_event_id, window_start, user_ids, counts)"
                    + " FROM STDIN (FORMAT binary)";

    /** Users in one row: a group of millions of users must not meet PostgreSQL's limit of 1 GB for a field. */
    static final int MAX_USERS_PER_ROW = 8_192;

    private final TableCopy copy;

    GroupCopy(final TableCopy copy) {
        this.copy = copy;
    }

    /** Copies the groups into the staging table. */
    void copyGroups(final GroupTable groups) throws SQLException {
        copy.copy(COPY_GROUPS, writer -> {
            final int count = groups.groupCount();
            for (int group = 0; group < count; group++) {
                writer.startRow(5);
                writer.putInt(group);
                writer.putTimestamp(groups.windowStartMillis(group));
                putString(writer, groups.labels(), groups.action(group));
                putString(writer, groups.labels(), groups.element(group));
                writer.putLong(groups.count(group));
            }
            return count;
        });
    }

    /**
     * Copies the users of all groups.
     *
     * @param ids for each group its id in {@code aggregated_events}
     */
    void copyUsers(final GroupTable groups, final long[] ids) throws SQLException {
        copy.copy(COPY_USERS, writer -> {
            long rows = 0;
            for (int group = 0; group < ids.length; group++) {
                int entry = groups.firstEntry(group);
                int left = groups.userCount(group);
                while (left > 0) {
                    final int users = Math.min(left, MAX_USERS_PER_ROW);
                    writer.startRow(4);
                    writer.putLong(ids[group]);
                    writer.putTimestamp(groups.windowStartMillis(group));
                    entry = putUsers(writer, groups, entry, users);
                    left -= users;
                    rows++;
                }
            }
            return rows;
        });
    }

    /** Puts the users and then their counts; returns the entry that follows. The chain is walked once for the length. */
    private static int putUsers(
            final BinaryCopyWriter writer, final GroupTable groups, final int first, final int users)
            throws SQLException {
        final ByteDictionary names = groups.users();
        int nameBytes = 0;
        int entry = first;
        for (int i = 0; i < users; i++, entry = groups.nextEntry(entry)) {
            nameBytes += Integer.BYTES + names.length(groups.entryUser(entry));
        }
        writer.startArray(BinaryCopyWriter.TEXT_OID, users, nameBytes);
        entry = first;
        for (int i = 0; i < users; i++, entry = groups.nextEntry(entry)) {
            putString(writer, names, groups.entryUser(entry));
        }
        writer.startArray(BinaryCopyWriter.INT4_OID, users, users * 2 * Integer.BYTES);
        entry = first;
        for (int i = 0; i < users; i++, entry = groups.nextEntry(entry)) {
            writer.putInt(groups.entryEvents(entry));
        }
        return entry;
    }

    private static void putString(final BinaryCopyWriter writer, final ByteDictionary dictionary, final int id)
            throws SQLException {
        writer.putBytes(dictionary.bytes(), dictionary.offset(id), dictionary.length(id));
    }
}
