package io.millrace.storage.postgres;

import io.millrace.pipeline.window.GroupTable;
import io.millrace.pipeline.window.Watermark;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Map;

/**
 * What one flush writes: groups, their users, roll-ups, watermarks. The caller begins and ends the transaction. Seven round
 * trips with the commit, whatever the number of groups.
 *
 * <p>Rows are locked in one order by every flush of every server (groups by key, hours by key, days), so that flushes that
 * meet wait for one another and never deadlock.
 *
 * <p>Not thread-safe.
 */
final class FlushTransaction {
    static final String STAGING = "millrace_groups";

    private static final String CREATE_STAGING = "CREATE TEMPORARY TABLE " + STAGING
            + " (number int NOT NULL, window_start timestamptz NOT NULL, action text COLLATE \"C\" NOT NULL,"
            + " element text COLLATE \"C\" NOT NULL, count bigint NOT NULL) ON COMMIT DELETE ROWS";

    // RETURNING promises no order, hence the join back to the number: 12% of the time at 100,000 groups.
    private static final String UPSERT_GROUPS = """
            WITH written AS (
              INSERT INTO aggregated_events AS a (window_start, action, element, count)
              SELECT window_start, action, element, count FROM millrace_groups
              ORDER BY window_start, action, element
              ON CONFLICT (window_start, action, element) DO UPDATE SET count = a.count + excluded.count
              RETURNING a.id, a.window_start, a.action, a.element)
            SELECT g.number, w.id FROM written w JOIN millrace_groups g USING (window_start, action, element)""";

    // date_trunc with a zone: the result must not depend on the session's time zone.
    private static final String UPSERT_TOTALS = """
            INSERT INTO hourly_totals AS t (hour, action, element, count)
            SELECT date_trunc('hour', window_start, 'UTC'), action, element, sum(count)::bigint FROM millrace_groups
            GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
            ON CONFLICT (hour, action, element) DO UPDATE SET count = t.count + excluded.count;
            INSERT INTO day_totals AS t (day, count)
            SELECT (window_start AT TIME ZONE 'UTC')::date, sum(count)::bigint FROM millrace_groups
            GROUP BY 1 ORDER BY 1
            ON CONFLICT (day) DO UPDATE SET count = t.count + excluded.count""";

    private static final long NO_ID = -1;

    /** Bounds the memory for ids that PostgreSQL returns; up to here they come in the round trip of the statement. */
    private static final int FETCH_ROWS = 20_000;

    private final GroupCopy copy;
    private final PreparedStatement upsertGroups;
    private final PreparedStatement upsertTotals;
    private final PreparedStatement upsertTotalsAndAdvance;
    private final PreparedStatement advance;
    private final PreparedStatement clearStaging;

    /** Makes the session's staging table. */
    FlushTransaction(final Connection connection, final TableCopy tableCopy) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(CREATE_STAGING);
        }
        copy = new GroupCopy(tableCopy);
        upsertGroups = connection.prepareStatement(UPSERT_GROUPS);
        upsertGroups.setFetchSize(FETCH_ROWS);
        upsertTotals = connection.prepareStatement(UPSERT_TOTALS);
        upsertTotalsAndAdvance = connection.prepareStatement(UPSERT_TOTALS + ";\n" + WatermarkTable.ADVANCE);
        advance = connection.prepareStatement(WatermarkTable.ADVANCE);
        clearStaging = connection.prepareStatement("DELETE FROM " + STAGING);
    }

    /**
     * Adds the groups and moves the watermarks.
     *
     * @return the number of watermarks that were as {@code before} says; fewer than {@code after} has: roll back
     */
    int write(final GroupTable groups, final Map<String, Watermark> before, final Map<String, Watermark> after)
            throws SQLException {
        if (groups.groupCount() == 0) {
            return advance(before, after);
        }
        writeGroups(groups);
        WatermarkTable.bindAdvance(upsertTotalsAndAdvance, before, after);
        upsertTotalsAndAdvance.execute();
        upsertTotalsAndAdvance.getMoreResults();
        upsertTotalsAndAdvance.getMoreResults();
        return upsertTotalsAndAdvance.getUpdateCount();
    }

    /** Adds some groups, of several parts that one transaction writes. The staging table is empty before and after. */
    void writePart(final GroupTable groups) throws SQLException {
        writeGroups(groups);
        upsertTotals.execute();
        clearStaging.execute();
    }

    /** Moves the watermarks; the result is that of {@link #write}. */
    int advance(final Map<String, Watermark> before, final Map<String, Watermark> after) throws SQLException {
        WatermarkTable.bindAdvance(advance, before, after);
        return advance.executeUpdate();
    }

    private void writeGroups(final GroupTable groups) throws SQLException {
        DayPartitions.checkDays(groups);
        copy.copyGroups(groups);
        copy.copyUsers(groups, upsertGroups(groups.groupCount()));
    }

    private long[] upsertGroups(final int groups) throws SQLException {
        final long[] ids = new long[groups];
        Arrays.fill(ids, NO_ID);
        int rows = 0;
        try (ResultSet written = upsertGroups.executeQuery()) {
            while (written.next()) {
                ids[written.getInt(1)] = written.getLong(2);
                rows++;
            }
        }
        if (rows != ids.length || Arrays.stream(ids).anyMatch(id -> id == NO_ID)) {
            throw new SQLException("PostgreSQL gave ids for " + rows + " of " + ids.length + " groups");
        }
        return ids;
    }
}
