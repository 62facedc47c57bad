package io.millrace.storage.postgres.query;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The query behind the most frequent actions and elements. Whole hours come from the roll-up, the rest from windows, all in
 * one statement, and so from one snapshot. Stateless.
 */
final class TopQuery {
    private TopQuery() {}

    /** Runs the query; the range before must not begin before the years that a timestamp can hold. */
    static Top run(final Connection connection, final EventFilter filter, final Dimension by, final int limit)
            throws SQLException {
        if (filter.from().equals(filter.to())) {
            return new Top(0, 0, List.of());
        }
        try (PreparedStatement statement = sql(filter, by, limit).prepare(connection);
                ResultSet rows = statement.executeQuery()) {
            final List<TopRow> top = new ArrayList<>();
            long total = 0;
            long previousTotal = 0;
            while (rows.next()) {
                top.add(new TopRow(rows.getString(1), rows.getLong(2), rows.getLong(3)));
                total = rows.getLong(4);
                previousTotal = rows.getLong(5);
            }
            return new Top(total, previousTotal, top);
        }
    }

    private static BoundSql sql(final EventFilter filter, final Dimension by, final int limit) {
        final BoundSql sql = new BoundSql().append("WITH parts (name, count, previous) AS (");
        final Instant before = filter.from().minus(Duration.between(filter.from(), filter.to()));
        String separator = "";
        for (final HourCover.Piece piece : HourCover.of(filter.from(), filter.to())) {
            appendPart(sql.append(separator), piece, by, "sum(t.count), 0", filter);
            separator = " UNION ALL ";
        }
        for (final HourCover.Piece piece : HourCover.of(before, filter.from())) {
            appendPart(sql.append(separator), piece, by, "0, sum(t.count)", filter);
        }
        return sql.append(
                ") SELECT name, sum(count)::bigint AS count, sum(previous)::bigint, sum(sum(count)) OVER ()::bigint,"
                        + " sum(sum(previous)) OVER ()::bigint FROM parts GROUP BY name ORDER BY sum(count) DESC, name"
                        + " LIMIT ?",
                limit);
    }

    private static void appendPart(
            final BoundSql sql,
            final HourCover.Piece piece,
            final Dimension by,
            final String sums,
            final EventFilter filter) {
        sql.append("SELECT t." + by.column() + ", " + sums + " FROM " + piece.table() + " t");
        filter.at(piece.from(), piece.to())
                .appendTo(sql, "t", piece.timeColumn())
                .append(" GROUP BY 1");
    }
}
