package io.millrace.storage.postgres.query;

import io.millrace.pipeline.testing.TestEvent;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Fills a database with ninety days of 50 elements and 3 actions: the roll-up in full, the windows of every 10 s in the hours
 * that are asked for, elsewhere one window an hour; users in the last two. Stateless.
 */
final class NinetyDays {
    /** Groups of a window. */
    static final int GROUPS = 150;

    static final Duration LENGTH = Duration.ofDays(90);

    private static final String GROUPS_OF =
            " unnest(ARRAY['click', 'scroll', 'view']) AS action, generate_series(1, 50) AS number";
    private static final String ELEMENT = "'element-' || to_char(number, 'FM00')";

    /** The windows of {@code [?, ?)}, each {@code ?} after the other. */
    private static final String WINDOWS = "INSERT INTO aggregated_events (window_start, action, element, count)"
            + " SELECT start, action, " + ELEMENT + ", 20"
            + " FROM generate_series(?, ?::timestamptz - interval '1 ms', ?::interval) AS start," + GROUPS_OF
            + " ORDER BY 1 ON CONFLICT DO NOTHING";

    private static final String ROLL_UP = "INSERT INTO hourly_totals (hour, action, element, count)"
            + " SELECT hour, action, " + ELEMENT + ", 7200"
            + " FROM generate_series(?, ?::timestamptz, interval '1 hour') AS hour," + GROUPS_OF + " ORDER BY 1";

    private static final String USERS =
            "INSERT INTO user_event_maps (aggregated_event_id, window_start, user_ids, counts)"
                    + " SELECT id, window_start, ARRAY(SELECT 'user-' || abs(hashint8(id * 5 + k) % 20000)"
                    + " FROM generate_series(1, 5) AS k), '{4,4,4,4,4}' FROM aggregated_events"
                    + " WHERE window_start >= ? AND window_start < ? ORDER BY window_start";

    private NinetyDays() {}

    /**
     * Fills it.
     *
     * @param database empty; its store makes the partitions
     * @param now the end of the last day
     * @param wholeHours those that have all their windows
     */
    static void fill(
            final QueryDatabase database,
            final Connection connection,
            final Instant now,
            final Collection<Instant> wholeHours)
            throws Exception {
        final Instant first = now.minus(LENGTH).truncatedTo(ChronoUnit.DAYS);
        final List<TestEvent> oneADay = new ArrayList<>();
        for (Instant day = first; day.isBefore(now); day = day.plus(1, ChronoUnit.DAYS)) {
            oneADay.add(new TestEvent(day.toEpochMilli(), "user", "click", "element"));
        }
        database.flush(oneADay);
        try (Statement statement = connection.createStatement()) {
            statement.execute("TRUNCATE aggregated_events, user_event_maps, hourly_totals");
            execute(connection, WINDOWS, first, now, "1 hour");
            for (final Instant hour : wholeHours) {
                execute(connection, WINDOWS, hour, earlier(hour.plus(1, ChronoUnit.HOURS), now), "10 s");
            }
            execute(connection, ROLL_UP, first, now);
            execute(connection, USERS, now.minus(1, ChronoUnit.DAYS).truncatedTo(ChronoUnit.DAYS), now);
            // As autovacuum would, which also sums up new pages for the index of the users' times.
            statement.execute("VACUUM ANALYZE");
        }
    }

    /** Whether a database has been filled. */
    static boolean isFilled(final Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT to_regclass('hourly_totals') IS NOT NULL")) {
            row.next();
            return row.getBoolean(1);
        }
    }

    private static Instant earlier(final Instant left, final Instant right) {
        return left.isBefore(right) ? left : right;
    }

    private static void execute(final Connection connection, final String sql, final Object... values)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(
                        i + 1, values[i] instanceof Instant time ? time.atOffset(ZoneOffset.UTC) : values[i]);
            }
            statement.executeUpdate();
        }
    }
}
