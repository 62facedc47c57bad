package io.millrace.bench.day;

import io.millrace.bench.load.EventNames;
import io.millrace.bench.load.EventShape;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Compares the tables with the model: the count of every (window, action, element), of every user in every window, and nothing
 * besides.
 */
final class DayAudit {
    private static final String GROUPS =
            "SELECT (extract(epoch FROM window_start) * 1000)::bigint, action || ' ' || element, count FROM aggregated_events";
    // Not by the view, which adds up the users of each group.
    private static final String USERS = """
            SELECT (extract(epoch FROM window_start) * 1000)::bigint, user_id, sum(count)::bigint
            FROM user_event_maps CROSS JOIN LATERAL unnest(user_ids, counts) AS u (user_id, count)
            GROUP BY window_start, user_id""";
    private static final int MAX_EXAMPLES = 5;
    private static final int FETCH_ROWS = 10_000;

    private final EventShape shape;
    private final DayModel model;
    private final List<String> differences = new ArrayList<>();
    private long differenceCount;

    DayAudit(final EventShape shape, final DayModel model) {
        this.shape = shape;
        this.model = model;
    }

    /**
     * The outcome.
     *
     * @param groups counts of (window, action, element) that were compared
     * @param users counts of (window, user) likewise
     * @param differences how many of them differ
     * @param examples some of those
     */
    record Verdict(long groups, long users, long differences, List<String> examples) {}

    /** Reads both tables to their end. */
    Verdict compare(final Connection connection) throws SQLException {
        final EventNames names = new EventNames(shape);
        final Map<String, Long> groups = new HashMap<>();
        final Map<String, Long> users = new HashMap<>();
        model.windows().forEach((start, counts) -> {
            for (int action = 0; action < shape.actions(); action++) {
                for (int element = 0; element < shape.elements(); element++) {
                    final String name = EventNames.action(action) + ' ' + EventNames.element(element);
                    expect(groups, key(start, name), counts.groups()[counts.group(action, element)]);
                }
            }
            for (int user = 0; user < shape.users(); user++) {
                expect(users, key(start, names.user(user)), counts.users()[user]);
            }
        });
        final long groupCount = groups.size();
        final long userCount = users.size();
        compare(connection, GROUPS, groups);
        compare(connection, USERS, users);
        return new Verdict(groupCount, userCount, differenceCount, List.copyOf(differences));
    }

    private static String key(final long startMillis, final String name) {
        return startMillis + " " + name;
    }

    private static void expect(final Map<String, Long> expected, final String key, final long count) {
        if (count > 0) {
            expected.put(key, count);
        }
    }

    private void compare(final Connection connection, final String query, final Map<String, Long> expected)
            throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.setFetchSize(FETCH_ROWS);
            try (ResultSet rows = statement.executeQuery(query)) {
                while (rows.next()) {
                    final String key = key(rows.getLong(1), rows.getString(2));
                    final long count = rows.getLong(3);
                    final Long sent = expected.remove(key);
                    if (sent == null || sent != count) {
                        differ(key + ": sent " + (sent == null ? 0 : sent) + ", stored " + count);
                    }
                }
            }
        }
        expected.forEach((key, sent) -> differ(key + ": sent " + sent + ", stored 0"));
    }

    private void differ(final String example) {
        differenceCount++;
        if (differences.size() < MAX_EXAMPLES) {
            differences.add(example);
        }
    }
}
