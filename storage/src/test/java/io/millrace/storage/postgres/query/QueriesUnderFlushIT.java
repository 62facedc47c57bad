package io.millrace.storage.postgres.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.pipeline.testing.TestEvent;
import io.millrace.storage.testing.PostgresExtension;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Each answer is of one moment, whatever is flushed meanwhile: every flush is in it as a whole, or not at all. */
class QueriesUnderFlushIT {
    @RegisterExtension
    static final PostgresExtension POSTGRES = new PostgresExtension();

    /** A whole hour, which is read from the roll-up, between two minutes, which are read from windows. */
    private static final Instant FROM = Instant.parse("2026-03-01T23:59:00Z");

    private static final Instant HOUR = Instant.parse("2026-03-02T00:00:00Z");
    private static final Instant END_OF_HOUR = HOUR.plus(Duration.ofHours(1));
    private static final Instant TO = END_OF_HOUR.plusSeconds(60);
    private static final List<Instant> TIMES = List.of(FROM, HOUR.plusSeconds(1), END_OF_HOUR.plusSeconds(10));
    private static final EventFilter ALL = new EventFilter(FROM, TO, null, null);
    private static final int READS = 150;

    @Test
    void shouldSeeEachFlushAsAWhole() throws Exception {
        final AtomicBoolean done = new AtomicBoolean();
        final ExecutorService executor = Executors.newSingleThreadExecutor();
        try (QueryDatabase database = new QueryDatabase(POSTGRES)) {
            final Future<Long> flushing = executor.submit(() -> flushUntil(done, database));
            long last = 0;
            for (int read = 0; read < READS; read++) {
                last = readOnce(database.queries(), last);
            }
            done.set(true);
            final long flushes = flushing.get();
            assertThat(last).isPositive().isLessThanOrEqualTo(flushes);
            assertThat(readOnce(database.queries(), last)).isEqualTo(flushes);
        } finally {
            done.set(true);
            executor.shutdownNow();
        }
    }

    /** Reads everything; returns how many flushes the last answer shows, at least {@code atLeast}. */
    private static long readOnce(final EventQueries queries, final long atLeast) throws Exception {
        long flushes = atLeast;
        final Top top = queries.top(ALL, Dimension.ELEMENT, 10);
        flushes = sameAndNoLess(top.rows().stream().map(TopRow::count).toList(), flushes);

        final TimeSeries series =
                queries.timeSeries(new EventFilter(FROM, TO, null, null), Duration.ofMinutes(1), Dimension.ELEMENT, 10);
        flushes = sameAndNoLess(series.series().stream().map(Series::total).toList(), flushes);

        final List<UserTotal> users = queries.users(ALL, null, 10);
        flushes = sameAndNoLess(users.stream().map(UserTotal::count).toList(), flushes);

        final Map<String, Long> aggregates =
                queries.aggregates(new AggregateFilter(FROM, TO, null, null, null, 100)).stream()
                        .collect(Collectors.groupingBy(
                                AggregateRow::element, Collectors.summingLong(AggregateRow::count)));
        flushes = sameAndNoLess(List.copyOf(aggregates.values()), flushes);

        final List<UserAction> actions = queries.userActions(ALL, "user-t0", null, 10);
        return sameAndNoLess(actions.stream().map(UserAction::count).toList(), flushes);
    }

    private static long sameAndNoLess(final List<Long> counts, final long atLeast) {
        if (counts.isEmpty()) {
            assertThat(atLeast).isZero();
            return 0;
        }
        assertThat(counts).containsOnly(counts.get(0));
        assertThat(counts.get(0)).isGreaterThanOrEqualTo(atLeast);
        return counts.get(0);
    }

    /** Each flush brings one event for each of three elements, each at another time and of another user. */
    private static long flushUntil(final AtomicBoolean done, final QueryDatabase database) throws Exception {
        long flushes = 0;
        while (!done.get()) {
            final List<TestEvent> events = new ArrayList<>();
            for (int i = 0; i < TIMES.size(); i++) {
                events.add(new TestEvent(TIMES.get(i).toEpochMilli(), "user-t" + i, "click", "element-" + i));
            }
            database.flush(events);
            flushes++;
        }
        return flushes;
    }
}
