package io.millrace.storage.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * The query behind a page of aggregates. The rows come in the order of the unique index, so that a page costs what it
 * shows; users are counted for the rows of the page only. Stateless.
 */
final class AggregateQuery {
    private static final String USERS = """
            SELECT r.window_start, r.action, r.element, r.count,
              (SELECT count(DISTINCT u.user_id)
               FROM user_event_maps m CROSS JOIN LATERAL unnest(m.user_ids) AS u (user_id)
               WHERE m.aggregated_event_id = r.id AND m.window_start = r.window_start)
            FROM (%s) AS r
            ORDER BY r.window_start, r.action, r.element""";

    private AggregateQuery() {}

    static List<AggregateRow> run(final Connection connection, final AggregateFilter filter) throws SQLException {
        if (isUnstorable(filter.action()) || isUnstorable(filter.element())) {
            return List.of();
        }
        final List<Object> parameters = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql(filter, parameters))) {
            for (int i = 0; i < parameters.size(); i++) {
                statement.setObject(i + 1, parameters.get(i));
            }
            final List<AggregateRow> page = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
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
    }

    private static String sql(final AggregateFilter filter, final List<Object> parameters) {
        final StringBuilder sql = new StringBuilder(512)
                .append(
                        "SELECT id, window_start, action, element, count FROM aggregated_events WHERE window_start >= ?")
                .append(" AND window_start < ?");
        final AggregateCursor after = filter.after();
        // A row comparison selects no partitions, so the cursor narrows the range as well.
        final boolean narrowed = after != null && after.windowStart().isAfter(filter.from());
        parameters.add(timestamp(narrowed ? after.windowStart() : filter.from()));
        parameters.add(timestamp(filter.to()));
        if (filter.action() != null) {
            sql.append(" AND action = ?");
            parameters.add(filter.action());
        }
        if (filter.element() != null) {
            sql.append(" AND element = ?");
            parameters.add(filter.element());
        }
        if (after != null) {
            sql.append(" AND (window_start, action, element) > (?, ?, ?)");
            parameters.add(timestamp(after.windowStart()));
            parameters.add(after.action());
            parameters.add(after.element());
        }
        sql.append(" ORDER BY window_start, action, element LIMIT ?");
        parameters.add(filter.limit());
        return USERS.formatted(sql);
    }

    /** PostgreSQL refuses U+0000 even in a comparison. */
    private static boolean isUnstorable(final String text) {
        return text != null && text.indexOf(0) >= 0;
    }

    private static OffsetDateTime timestamp(final Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
