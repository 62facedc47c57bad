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
 * The query behind a time series. Steps of whole hours are read from the roll-up, smaller ones from the windows; either way
 * it is one statement, and so one snapshot. Stateless.
 */
final class TimeSeriesQuery {
    private static final Duration HOUR = Duration.ofHours(1);

    private static final String RANK = """
            ), ranked AS (
              SELECT name, row_number() OVER (ORDER BY sum(count) DESC, name) AS rank FROM binned GROUP BY name)
            SELECT least(r.rank, ?)::int, CASE WHEN r.rank < ? THEN name END, b.start, sum(b.count)::bigint
            FROM binned b JOIN ranked r USING (name) GROUP BY 1, 2, 3 ORDER BY 1, 3""";

    private TimeSeriesQuery() {}

    /**
     * Runs the query.
     *
     * @param filter from and to are whole steps since the epoch
     * @param group null for all together
     * @param limit the most groups that get a series of their own
     */
    static TimeSeries run(
            final Connection connection,
            final EventFilter filter,
            final Duration step,
            final Dimension group,
            final int limit)
            throws SQLException {
        try (PreparedStatement statement = sql(filter, step, group, limit).prepare(connection);
                ResultSet rows = statement.executeQuery()) {
            return read(rows, filter, step, group, limit);
        }
    }

    private static BoundSql sql(final EventFilter filter, final Duration step, final Dimension group, final int limit) {
        final boolean hourly = isHourly(step);
        final String time = hourly ? "hour" : "window_start";
        final BoundSql sql = new BoundSql()
                .append(
                        "WITH binned AS (SELECT date_bin(? * interval '1 millisecond', t." + time
                                + ", 'epoch'::timestamptz) AS start, "
                                + (group == null ? "''" : "t." + group.column())
                                + " AS name, sum(t.count) AS count FROM "
                                + (hourly ? "hourly_totals" : "aggregated_events") + " t",
                        step.toMillis());
        return filter.appendTo(sql, "t", time).append(" GROUP BY 1, 2" + RANK, limit + 1L, limit + 1L);
    }

    /** Whether every step is made of whole hours: then the roll-up has all that is asked for. */
    static boolean isHourly(final Duration step) {
        return step.toMillis() % HOUR.toMillis() == 0;
    }

    private static TimeSeries read(
            final ResultSet rows, final EventFilter filter, final Duration step, final Dimension group, final int limit)
            throws SQLException {
        final int steps = (int) Duration.between(filter.from(), filter.to()).dividedBy(step);
        final List<Series> series = new ArrayList<>();
        Series other = null;
        boolean more = rows.next();
        while (more) {
            final int rank = rows.getInt(1);
            final String name = group == null ? null : rows.getString(2);
            final Long[] counts = new Long[steps];
            Arrays.fill(counts, 0L);
            do {
                final Instant start = rows.getObject(3, OffsetDateTime.class).toInstant();
                counts[(int) Duration.between(filter.from(), start).dividedBy(step)] = rows.getLong(4);
                more = rows.next();
            } while (more && rows.getInt(1) == rank);
            final Series read = new Series(name, Arrays.asList(counts));
            if (rank > limit) {
                other = read;
            } else {
                series.add(read);
            }
        }
        return new TimeSeries(series, other);
    }
}
