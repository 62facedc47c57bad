package io.millrace.storage.postgres.query;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.pipeline.testing.TestEvent;
import io.millrace.storage.postgres.WindowModel;
import io.millrace.storage.testing.PostgresExtension;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every query over random ranges, steps and filters, compared with the same answer made from a list of all events. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class QueriesOverTimeIT {
    @RegisterExtension
    static final PostgresExtension POSTGRES = new PostgresExtension();

    private static final long SEED = 20_260_301;
    private static final int ROUNDS = 60;
    private static final long WINDOW_MILLIS = WindowModel.WINDOW_MILLIS;
    private static final long HOUR_MILLIS = Duration.ofHours(1).toMillis();

    /** Three hours before midnight and three after: two partitions. */
    private static final long START_MILLIS =
            Instant.parse("2026-03-01T21:00:00Z").toEpochMilli();

    private static final long SPAN_MILLIS = 6 * HOUR_MILLIS;
    private static final List<String> ACTIONS = List.of("click", "view", "scroll");
    private static final List<String> ELEMENTS = List.of("a", "b", "\uFFFF", "\uD83D\uDE80", "say \"hi\", all");
    private static final Duration[] STEPS = {
        Duration.ofSeconds(10), Duration.ofMinutes(1), Duration.ofMinutes(35), Duration.ofHours(1), Duration.ofHours(2)
    };

    private final Random random = new Random(SEED);
    private final List<TestEvent> events = new ArrayList<>();
    private QueryDatabase database;

    @BeforeAll
    void flushEvents() throws Exception {
        database = new QueryDatabase(POSTGRES);
        for (int flush = 0; flush < 8; flush++) {
            final List<TestEvent> flushed = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                flushed.add(new TestEvent(
                        START_MILLIS + (long) (random.nextDouble() * SPAN_MILLIS),
                        "user" + random.nextInt(40),
                        any(ACTIONS),
                        any(ELEMENTS)));
            }
            database.flush(flushed);
            events.addAll(flushed);
        }
    }

    @AfterAll
    void close() {
        database.close();
    }

    @Test
    void shouldGiveTimeSeriesOfWindowsAndOfTheRollUp() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            final Duration step = STEPS[random.nextInt(STEPS.length)];
            final EventFilter filter = filter(step.toMillis());
            final Dimension group = any(Arrays.asList(null, Dimension.ACTION, Dimension.ELEMENT));
            final int limit = 1 + random.nextInt(4);
            final TimeSeries series = database.queries().timeSeries(filter, step, group, limit);

            final List<Series> expected = expectedSeries(filter, step, group);
            final List<Series> own = expected.subList(0, Math.min(limit, expected.size()));
            assertThat(series.series()).as("%s %s %s", filter, step, group).isEqualTo(own);
            final List<Series> rest = expected.subList(own.size(), expected.size());
            assertThat(series.other() == null).isEqualTo(rest.isEmpty());
            if (!rest.isEmpty()) {
                assertThat(series.other().name()).isNull();
                assertThat(series.other().counts()).isEqualTo(sum(rest));
            }
        }
    }

    @Test
    void shouldRankByCountAndCompareWithTheTimeBefore() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            final EventFilter filter = filter(1);
            final Dimension by = any(List.of(Dimension.values()));
            final int limit = 1 + random.nextInt(6);
            final Top top = database.queries().top(filter, by, limit);

            final Map<String, Long> now = counts(filter, nameOf(by));
            final Map<String, Long> before = counts(earlier(filter), nameOf(by));
            final List<TopRow> expected = ranked(now, before, limit);
            assertThat(top.rows()).as("%s %s", filter, by).isEqualTo(expected);
            if (!expected.isEmpty()) {
                assertThat(top.total()).isEqualTo(total(now));
                assertThat(top.previousTotal()).isEqualTo(total(before));
            }
        }
    }

    @Test
    void shouldCountEachUserOnceHoweverManyStepsItWasSeenIn() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            final Duration step = STEPS[random.nextInt(STEPS.length)];
            final EventFilter filter = filter(step.toMillis());
            final List<Long> steps = new ArrayList<>();
            for (Instant from = filter.from(); from.isBefore(filter.to()); from = from.plus(step)) {
                steps.add((long) counts(filter.at(from, from.plus(step)), TestEvent::user)
                        .size());
            }
            final long users = counts(filter, TestEvent::user).size();
            assertThat(database.queries().userCounts(filter, step))
                    .as("%s %s", filter, step)
                    .isEqualTo(new UserCounts(users, steps));
            assertThat(database.queries().userCounts(filter, null)).isEqualTo(new UserCounts(users, List.of()));
        }
    }

    @Test
    void shouldPageThroughUsers() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            final EventFilter filter = filter(1);
            final int limit = 1 + random.nextInt(50);
            final List<UserTotal> paged = new ArrayList<>();
            List<UserTotal> page = database.queries().users(filter, null, limit);
            while (!page.isEmpty()) {
                assertThat(page).hasSizeLessThanOrEqualTo(limit);
                paged.addAll(page);
                page = database.queries()
                        .users(filter, paged.get(paged.size() - 1).user(), limit);
            }
            final List<UserTotal> expected = new ArrayList<>();
            counts(filter, TestEvent::user).forEach((user, count) -> expected.add(new UserTotal(user, count)));
            assertThat(paged).as("%s", filter).isEqualTo(expected);
        }
    }

    @Test
    void shouldPageThroughWhatAUserDid() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            final EventFilter filter = filter(1);
            final String user = "user" + random.nextInt(45);
            final int limit = 1 + random.nextInt(20);
            final List<UserAction> paged = new ArrayList<>();
            List<UserAction> page = database.queries().userActions(filter, user, null, limit);
            while (!page.isEmpty()) {
                assertThat(page).hasSizeLessThanOrEqualTo(limit);
                paged.addAll(page);
                page = database.queries()
                        .userActions(filter, user, page.get(page.size() - 1).cursor(), limit);
            }
            assertThat(paged).as("%s %s", filter, user).isEqualTo(expectedActions(filter, user));
        }
    }

    private List<Series> expectedSeries(final EventFilter filter, final Duration step, final Dimension group) {
        final Function<TestEvent, String> name = group == null ? event -> "" : nameOf(group);
        final List<Series> series = new ArrayList<>();
        for (final String each : counts(filter, name).keySet()) {
            final List<Long> counts = new ArrayList<>();
            for (Instant from = filter.from(); from.isBefore(filter.to()); from = from.plus(step)) {
                counts.add(counts(filter.at(from, from.plus(step)), name).getOrDefault(each, 0L));
            }
            series.add(new Series(group == null ? null : each, counts));
        }
        series.sort(Comparator.comparingLong(Series::total).reversed());
        return series;
    }

    private static List<Long> sum(final List<Series> series) {
        final List<Long> sum = new ArrayList<>(series.get(0).counts());
        for (final Series each : series.subList(1, series.size())) {
            for (int i = 0; i < sum.size(); i++) {
                sum.set(i, sum.get(i) + each.counts().get(i));
            }
        }
        return sum;
    }

    private static List<TopRow> ranked(final Map<String, Long> now, final Map<String, Long> before, final int limit) {
        final Map<String, Long> names = new TreeMap<>(QueriesOverTimeIT::byBytes);
        names.putAll(now);
        names.putAll(before);
        return names.keySet().stream()
                .map(name -> new TopRow(name, now.getOrDefault(name, 0L), before.getOrDefault(name, 0L)))
                .sorted(Comparator.comparingLong(TopRow::count).reversed())
                .limit(limit)
                .toList();
    }

    private List<UserAction> expectedActions(final EventFilter filter, final String user) {
        final Map<AggregateCursor, Long> counts = new TreeMap<>(Comparator.comparing(AggregateCursor::windowStart)
                .thenComparing(AggregateCursor::action, QueriesOverTimeIT::byBytes)
                .thenComparing(AggregateCursor::element, QueriesOverTimeIT::byBytes));
        events.stream()
                .filter(matches(filter).and(event -> event.user().equals(user)))
                .forEach(event -> counts.merge(
                        new AggregateCursor(window(event), event.action(), event.element()), 1L, Long::sum));
        final List<UserAction> actions = new ArrayList<>();
        counts.forEach(
                (key, count) -> actions.add(new UserAction(key.windowStart(), key.action(), key.element(), count)));
        return actions;
    }

    /** Counts by name, in the order of the names' bytes. */
    private Map<String, Long> counts(final EventFilter filter, final Function<TestEvent, String> name) {
        final Map<String, Long> counts = new TreeMap<>(QueriesOverTimeIT::byBytes);
        events.stream().filter(matches(filter)).forEach(event -> counts.merge(name.apply(event), 1L, Long::sum));
        return counts;
    }

    private static Predicate<TestEvent> matches(final EventFilter filter) {
        return event -> !window(event).isBefore(filter.from())
                && window(event).isBefore(filter.to())
                && (filter.action() == null || filter.action().equals(event.action()))
                && (filter.element() == null || filter.element().equals(event.element()));
    }

    /** A random range in whole steps, often beyond the first or last event, now and then empty. */
    private EventFilter filter(final long stepMillis) {
        final long first = START_MILLIS - HOUR_MILLIS + random.nextInt((int) SPAN_MILLIS);
        final long length = random.nextInt(10) == 0 ? 0 : random.nextInt((int) SPAN_MILLIS);
        final long from = first - Math.floorMod(first, stepMillis);
        final long to = from + length - Math.floorMod(length, stepMillis);
        return new EventFilter(
                Instant.ofEpochMilli(from),
                Instant.ofEpochMilli(to),
                random.nextInt(3) == 0 ? any(ACTIONS) : null,
                random.nextInt(3) == 0 ? any(ELEMENTS) : null);
    }

    private static EventFilter earlier(final EventFilter filter) {
        final Duration length = Duration.between(filter.from(), filter.to());
        return filter.at(filter.from().minus(length), filter.from());
    }

    private static Function<TestEvent, String> nameOf(final Dimension dimension) {
        return dimension == Dimension.ACTION ? TestEvent::action : TestEvent::element;
    }

    private static Instant window(final TestEvent event) {
        return Instant.ofEpochMilli(event.timestampMillis() - Math.floorMod(event.timestampMillis(), WINDOW_MILLIS));
    }

    private static long total(final Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    private <T> T any(final List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    /** As PostgreSQL's collation "C" does with UTF-8. */
    private static int byBytes(final String left, final String right) {
        return Arrays.compareUnsigned(left.getBytes(UTF_8), right.getBytes(UTF_8));
    }
}
