package io.millrace.storage.postgres.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.storage.postgres.PostgresSettings;
import io.millrace.storage.postgres.WindowModel;
import io.millrace.storage.testing.PostgresExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.agrona.CloseHelper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the queries read when there are ninety days in the tables: the roll-up where it will do, else the partitions of the
 * range and no others, and hardly a row that is not asked for. How long they took is in {@code target/query-plans.md}, for
 * {@code docs/query-plans.md}; no time is asserted.
 *
 * <p>With {@code -Dmillrace.plans.postgres=postgresql://…} the tables stand in that database, which is filled with every window of the
 * ninety days if it is empty, 117 million, and left as it is: that takes 20 GB and up to an hour.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class QueryPlansIT {
    @RegisterExtension
    static final PostgresExtension POSTGRES = new PostgresExtension();

    private static final Path PLANS = Path.of("target", "query-plans.md");
    private static final Optional<PostgresSettings> WHOLE =
            Optional.ofNullable(System.getProperty("millrace.plans.postgres")).map(PostgresSettings::parse);
    private static final Instant NOW = Instant.parse("2026-03-31T17:25:43.210Z");
    private static final Duration WINDOW = Duration.ofMillis(WindowModel.WINDOW_MILLIS);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final String ROLL_UP = "hourly_totals";
    private static final String WINDOWS = "aggregated_events_";
    private static final String USERS = "user_event_maps_";
    /** Windows of an hour. */
    private static final long WINDOWS_AN_HOUR = HOUR.dividedBy(WINDOW);

    /** As the dashboard offers them, with the steps that it takes. */
    private static final List<Range> RANGES = List.of(
            new Range("15 min", Duration.ofMinutes(15), WINDOW),
            new Range("1 h", HOUR, WINDOW),
            new Range("6 h", Duration.ofHours(6), MINUTE),
            new Range("24 h", DAY, HOUR),
            new Range("7 days", Duration.ofDays(7), HOUR),
            new Range("30 days", Duration.ofDays(30), Duration.ofHours(6)),
            new Range("90 days", NinetyDays.LENGTH, DAY));

    private final List<String> report = new ArrayList<>();
    private QueryDatabase database;
    private Connection connection;

    @BeforeAll
    void fill() throws Exception {
        final PostgresSettings settings = WHOLE.isPresent() ? WHOLE.get() : POSTGRES.newDatabase();
        try (Connection filling = PostgresExtension.connect(settings)) {
            final boolean filled = NinetyDays.isFilled(filling);
            database = new QueryDatabase(settings);
            if (!filled) {
                NinetyDays.fill(database, filling, NOW, WHOLE.isPresent() ? allHours() : wholeHours());
            }
        }
        connection = PostgresExtension.connect(settings);
        try (Statement statement = connection.createStatement()) {
            statement.execute(EventQueries.SET_UP);
        }
    }

    @AfterAll
    void close() throws Exception {
        Files.write(PLANS, report);
        CloseHelper.closeAll(connection, database);
    }

    @ParameterizedTest
    @MethodSource("queries")
    void shouldReadNoMoreThanItNeeds(final Query query) throws Exception {
        final Explainer explainer = new Explainer(connection);
        // The first time pages and catalogs may have to be read.
        query.run().from(explainer.connection());
        query.run().from(explainer.connection());
        final QueryPlan plan = explainer.plan();
        report.add(String.format(
                Locale.ROOT, "## %s: %.1f ms, %,d rows read", query.name(), plan.millis(), plan.rowsRead()));
        report.addAll(List.of("", "```"));
        report.addAll(plan.lines());
        report.addAll(List.of("```", ""));

        final String text = String.join("\n", plan.lines());
        assertThat(query.tables()).as(text).containsAll(plan.tables());
        assertThat(plan.rowsRead()).as(text).isPositive().isLessThanOrEqualTo(query.mostRows());
    }

    private static Stream<Query> queries() {
        final List<Query> queries = new ArrayList<>();
        for (final Range range : RANGES) {
            queries.add(series(range, Dimension.ACTION));
            queries.add(series(range, Dimension.ELEMENT));
            queries.add(top(range, Dimension.ELEMENT, 8));
        }
        queries.add(top(RANGES.get(1), Dimension.ACTION, 1));
        queries.add(tail(RANGES.get(1)));
        queries.add(tail(RANGES.get(6)));
        queries.add(users("users of 30 windows, each", 30));
        queries.add(users("users of 3 windows, each", 3));
        queries.add(aggregates());
        queries.add(user());
        return queries.stream();
    }

    private static Query series(final Range range, final Dimension group) {
        return series("events over " + range.name + " by " + group.column(), range, range.length, group);
    }

    /** What the dashboard asks for while it is live. */
    private static Query tail(final Range range) {
        return series("the last three steps of " + range.name, range, range.step.multipliedBy(3), Dimension.ACTION);
    }

    private static Query series(final String name, final Range range, final Duration length, final Dimension group) {
        final Instant from = floor(NOW.minus(length), range.step);
        final Instant to = floor(NOW, range.step).plus(range.step);
        final EventFilter filter = new EventFilter(from, to, null, null);
        final boolean hourly = range.step.compareTo(HOUR) >= 0;
        final long times = Duration.between(from, to).dividedBy(hourly ? HOUR : WINDOW);
        return new Query(
                name,
                asked -> TimeSeriesQuery.run(asked, filter, range.step, group, 7),
                hourly ? Set.of(ROLL_UP) : partitions(WINDOWS, from, NOW),
                // Of most of a table all is read: it costs less than to look for each hour.
                (length.compareTo(NinetyDays.LENGTH.dividedBy(2)) > 0
                                ? NinetyDays.LENGTH.plus(DAY).toHours()
                                : times)
                        * NinetyDays.GROUPS);
    }

    private static Query top(final Range range, final Dimension by, final int limit) {
        final EventFilter filter = new EventFilter(NOW.minus(range.length), NOW, null, null);
        final Instant before = filter.from().minus(range.length);
        final Set<String> tables = new TreeSet<>(Set.of(ROLL_UP));
        for (final Instant edge : List.of(before, filter.from(), NOW)) {
            tables.addAll(partitions(
                    WINDOWS,
                    edge.truncatedTo(ChronoUnit.HOURS),
                    edge.truncatedTo(ChronoUnit.HOURS).plus(HOUR)));
        }
        final long hours = 2 * range.length.toHours();
        return new Query(
                "top " + limit + ' ' + by.column() + "s of " + range.name,
                asked -> TopQuery.run(asked, filter, by, limit),
                tables,
                // Of the hours that are cut, windows.
                (hours + 4 * WINDOWS_AN_HOUR) * NinetyDays.GROUPS);
    }

    private static Query users(final String name, final int windows) {
        final Instant to = floor(NOW, WINDOW);
        final EventFilter filter = new EventFilter(to.minus(WINDOW.multipliedBy(windows)), to, null, null);
        return new Query(
                name,
                asked -> UserQueries.count(asked, filter, WINDOW),
                partitions(USERS, filter.from(), to),
                // The index knows ranges of pages only.
                (windows + 60L) * NinetyDays.GROUPS);
    }

    private static Query aggregates() {
        final Instant from = NOW.minus(NinetyDays.LENGTH);
        final AggregateCursor after =
                new AggregateCursor(NOW.minus(HOUR).truncatedTo(ChronoUnit.HOURS), "click", "element-07");
        return new Query(
                "a page of windows, far into 90 days",
                asked -> AggregateQuery.run(asked, new AggregateFilter(from, NOW, null, null, after, 100)),
                Set.of(WINDOWS + day(NOW), USERS + day(NOW)),
                // The rows, the users of each, and what shares the cursor's window.
                3L * NinetyDays.GROUPS);
    }

    private static Query user() {
        final EventFilter filter = new EventFilter(NOW.minus(HOUR), NOW, null, null);
        final Set<String> tables = new TreeSet<>(partitions(USERS, filter.from(), NOW));
        tables.addAll(partitions(WINDOWS, filter.from(), NOW));
        return new Query(
                "what one user did in 1 h",
                asked -> UserQueries.actions(asked, filter, "user-7", null, 100),
                tables,
                2 * WINDOWS_AN_HOUR * NinetyDays.GROUPS);
    }

    private static Set<Instant> allHours() {
        final Set<Instant> hours = new TreeSet<>();
        final Instant first = NOW.minus(NinetyDays.LENGTH).truncatedTo(ChronoUnit.DAYS);
        for (Instant hour = first; hour.isBefore(NOW); hour = hour.plus(HOUR)) {
            hours.add(hour);
        }
        return hours;
    }

    /** Those of the last day, and the hours of earlier ones of which a query of the dashboard reads windows. */
    private static Set<Instant> wholeHours() {
        final Set<Instant> hours = new TreeSet<>();
        for (Instant hour = NOW.truncatedTo(ChronoUnit.DAYS); hour.isBefore(NOW); hour = hour.plus(HOUR)) {
            hours.add(hour);
        }
        for (final Range range : RANGES) {
            for (int times = 1; times <= 2; times++) {
                final Instant edge = NOW.minus(range.length.multipliedBy(times));
                if (!edge.isBefore(NOW.minus(NinetyDays.LENGTH))) {
                    hours.add(edge.truncatedTo(ChronoUnit.HOURS));
                }
            }
        }
        return hours;
    }

    private static Set<String> partitions(final String table, final Instant from, final Instant to) {
        final Set<String> names = new TreeSet<>();
        for (Instant day = from.truncatedTo(ChronoUnit.DAYS); day.isBefore(to); day = day.plus(DAY)) {
            names.add(table + day(day));
        }
        return names;
    }

    private static String day(final Instant time) {
        return time.toString().substring(0, 10).replace("-", "");
    }

    private static Instant floor(final Instant time, final Duration step) {
        return Instant.ofEpochMilli(Math.floorDiv(time.toEpochMilli(), step.toMillis()) * step.toMillis());
    }

    private record Range(String name, Duration length, Duration step) {}

    /**
     * A query and what it may read.
     *
     * @param tables that it may touch
     * @param mostRows that it may read
     */
    private record Query(String name, Run run, Set<String> tables, long mostRows) {
        @Override
        public String toString() {
            return name;
        }
    }

    @FunctionalInterface
    private interface Run {
        Object from(Connection connection) throws SQLException;
    }
}
