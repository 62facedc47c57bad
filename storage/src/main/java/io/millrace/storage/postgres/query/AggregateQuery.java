package io.millrace.storage.postgres.query;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/**
 * The query behind a page of aggregates. The rows come in the order of the unique index, so that a page costs what it
 * shows; users are counted for the rows of the page only. Stateless.
 */
final class AggregateQuery {
    // The range once more: that the times are equal selects no partitions before each row is at hand.
    private static final String BEFORE = """
            SELECT r.window_start, r.action, r.element, r.count,
              (SELECT count(DISTINCT u.user_id)
               FROM user_event_maps m CROSS JOIN LATERAL unnest(m.user_ids) AS u (user_id)
               WHERE m.aggregated_event_id = r.id AND m.window_start = r.window_start
                 AND m.window_start >= ? AND m.window_start < ?)
            FROM (
            SELECT id, window_start, action, element, count FROM aggregated_events
            WHERE window_start >= ? AND window_start < ?""";

    private static final String AFTER = """
             ORDER BY window_start, action, element LIMIT ?) AS r
            ORDER BY r.window_start, r.action, r.element""";

    private AggregateQuery() {}

    static List<AggregateRow> run(final Connection connection, final AggregateFilter filter) throws SQLException {
        if (isUnstorable(filter.action()) || isUnstorable(filter.element())) {
            return List.of();
        }
        final List<AggregateRow> page = new ArrayList<>();
        try (PreparedStatement statement = sql(filter).prepare(connection);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                page.add(new AggregateRow(
                        rows.getObject(1, OffsetDateTime.class).toInstant(),
                        rows.getString(2),
                        rows.getString(3),
                        rows.getLong(4),
                        rows.getLong(5)));
            }
        }
        return page;
    }

    private static BoundSql sql(final AggregateFilter filter) {
        final AggregateCursor after = filter.after();
        // A row comparison selects no partitions, so the cursor narrows the range as well.
        final boolean narrowed = after != null && after.windowStart().isAfter(filter.from());
        final Instant from = narrowed ? after.windowStart() : filter.from();
        final BoundSql sql = new BoundSql()
                .append(BEFORE, from, filter.to(), from, filter.to())
                .andEquals("action", filter.action())
                .andEquals("element", filter.element());
        if (after != null) {
            sql.append(
                    " AND (window_start, action, element) > (?, ?, ?)",
                    after.windowStart(),
                    after.action(),
                    after.element());
        }
        return sql.append(AFTER, filter.limit());
    }

    /** PostgreSQL refuses U+0000 even in a comparison. */
    private static boolean isUnstorable(final String text) {
        return text != null && text.indexOf(0) >= 0;
    }
}
