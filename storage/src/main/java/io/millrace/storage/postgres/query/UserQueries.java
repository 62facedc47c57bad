package io.millrace.storage.postgres.query;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The queries that read users. They take the arrays of the range apart ({@code docs/decisions/0004-users-as-arrays.md}), so
 * what they cost grows with its length. Stateless.
 */
final class UserQueries {
    private UserQueries() {}

    /**
     * Counts distinct users.
     *
     * @param step null for none; otherwise the filter's from and to are whole steps since the epoch
     */
    static UserCounts count(final Connection connection, final EventFilter filter, final Duration step)
            throws SQLException {
        final BoundSql sql = new BoundSql();
        if (step == null) {
            sql.append("SELECT NULL::timestamptz, count(*) FROM (SELECT DISTINCT u.user_id");
            appendUsers(sql, filter, "unnest(m.user_ids) AS u (user_id)").append(") AS seen");
        } else {
            sql.append(
                    "WITH seen AS (SELECT DISTINCT date_bin(? * interval '1 millisecond', m.window_start,"
                            + " 'epoch'::timestamptz) AS start, u.user_id",
                    step.toMillis());
            appendUsers(sql, filter, "unnest(m.user_ids) AS u (user_id)");
            // A user of several steps is one user of the range: the sum of the steps would be too much.
            sql.append(") SELECT start, count(*) FROM seen GROUP BY 1"
                    + " UNION ALL SELECT NULL, count(*) FROM (SELECT DISTINCT user_id FROM seen) AS users");
        }
        try (PreparedStatement statement = sql.prepare(connection);
                ResultSet rows = statement.executeQuery()) {
            return readCounts(rows, filter, step);
        }
    }

    private static UserCounts readCounts(final ResultSet rows, final EventFilter filter, final Duration step)
            throws SQLException {
        final int size = step == null
                ? 0
                : (int) Duration.between(filter.from(), filter.to()).dividedBy(step);
        final Long[] steps = new Long[size];
        Arrays.fill(steps, 0L);
        long users = 0;
        while (rows.next()) {
            final OffsetDateTime start = rows.getObject(1, OffsetDateTime.class);
            if (start == null) {
                users = rows.getLong(2);
            } else {
                steps[(int) Duration.between(filter.from(), start.toInstant()).dividedBy(step)] = rows.getLong(2);
            }
        }
        return new UserCounts(users, Arrays.asList(steps));
    }

    /**
     * A page of users, in the order of their bytes.
     *
     * @param after the last user of the page before; null for the first page
     */
    static List<UserTotal> page(
            final Connection connection, final EventFilter filter, final String after, final int limit)
            throws SQLException {
        final BoundSql sql = new BoundSql().append("SELECT u.user_id COLLATE \"C\", sum(u.count)::bigint");
        appendUsers(sql, filter, "unnest(m.user_ids, m.counts) AS u (user_id, count)");
        if (after != null) {
            sql.append(" AND u.user_id COLLATE \"C\" > ?", after);
        }
        sql.append(" GROUP BY 1 ORDER BY 1 LIMIT ?", limit);
        final List<UserTotal> users = new ArrayList<>();
        try (PreparedStatement statement = sql.prepare(connection);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                users.add(new UserTotal(rows.getString(1), rows.getLong(2)));
            }
        }
        return users;
    }

    /**
     * A page of what one user did, in the order of window start, action and element.
     *
     * @param after null for the first page
     */
    static List<UserAction> actions(
            final Connection connection,
            final EventFilter filter,
            final String user,
            final AggregateCursor after,
            final int limit)
            throws SQLException {
        final boolean narrowed = after != null && after.windowStart().isAfter(filter.from());
        final Instant from = narrowed ? after.windowStart() : filter.from();
        final BoundSql sql = new BoundSql()
                .append(
                        "SELECT a.window_start, a.action, a.element, sum(u.count)::bigint FROM user_event_maps m"
                                + " JOIN aggregated_events a ON a.id = m.aggregated_event_id"
                                + " AND a.window_start = m.window_start"
                                + " CROSS JOIN LATERAL unnest(m.user_ids, m.counts) AS u (user_id, count)"
                                + " WHERE m.window_start >= ? AND m.window_start < ? AND a.window_start >= ?"
                                + " AND a.window_start < ? AND ? = ANY (m.user_ids) AND u.user_id = ?",
                        from,
                        filter.to(),
                        from,
                        filter.to(),
                        user,
                        user)
                .andEquals("a.action", filter.action())
                .andEquals("a.element", filter.element());
        if (after != null) {
            sql.append(
                    " AND (a.window_start, a.action, a.element) > (?, ?, ?)",
                    after.windowStart(),
                    after.action(),
                    after.element());
        }
        sql.append(" GROUP BY 1, 2, 3 ORDER BY 1, 2, 3 LIMIT ?", limit);
        final List<UserAction> actions = new ArrayList<>();
        try (PreparedStatement statement = sql.prepare(connection);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                actions.add(new UserAction(
                        rows.getObject(1, OffsetDateTime.class).toInstant(),
                        rows.getString(2),
                        rows.getString(3),
                        rows.getLong(4)));
            }
        }
        return actions;
    }

    /** Appends where the users of the filter's events are; the arrays as {@code m}, what they hold as {@code u}. */
    private static BoundSql appendUsers(final BoundSql sql, final EventFilter filter, final String unnested) {
        sql.append(" FROM user_event_maps m");
        final boolean grouped = filter.action() != null || filter.element() != null;
        if (grouped) {
            sql.append(" JOIN aggregated_events a ON a.id = m.aggregated_event_id AND a.window_start = m.window_start");
        }
        sql.append(" CROSS JOIN LATERAL " + unnested);
        // Of both tables here and above: that they are equal selects no partitions.
        sql.append(" WHERE m.window_start >= ? AND m.window_start < ?", filter.from(), filter.to());
        if (grouped) {
            sql.append(" AND a.window_start >= ? AND a.window_start < ?", filter.from(), filter.to())
                    .andEquals("a.action", filter.action())
                    .andEquals("a.element", filter.element());
        }
        return sql;
    }
}
