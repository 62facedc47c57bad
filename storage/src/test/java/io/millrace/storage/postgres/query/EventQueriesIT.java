package io.millrace.storage.postgres.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.pipeline.testing.TestEvent;
import io.millrace.pipeline.window.FlushBatch;
import io.millrace.pipeline.window.StoreException;
import io.millrace.storage.postgres.PostgresSchema;
import io.millrace.storage.postgres.PostgresSettings;
import io.millrace.storage.postgres.PostgresWindowStore;
import io.millrace.storage.postgres.WindowModel;
import io.millrace.storage.testing.PostgresExtension;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class EventQueriesIT {
    @RegisterExtension
    static final PostgresExtension POSTGRES = new PostgresExtension();

    private static final Instant DAY = Instant.parse("2026-03-01T00:00:00Z");
    private static final Instant NEXT_DAY = DAY.plus(Duration.ofDays(1));
    private static final Instant END = DAY.plus(Duration.ofDays(2));

    private final FlushBatch batch = WindowModel.newBatch();
    private PostgresSettings database;
    private PostgresWindowStore store;
    private EventQueries queries;

    @BeforeEach
    void storeTwoFlushes() throws Exception {
        database = POSTGRES.newDatabase();
        PostgresSchema.prepare(database, WindowModel.WINDOW_MILLIS, Duration.ofSeconds(10));
        store = new PostgresWindowStore(database, Duration.ofMinutes(10));
        queries = new EventQueries(database);
        store.own(List.of("s"));
        for (int flush = 1; flush <= 2; flush++) {
            final WindowModel model = new WindowModel();
            for (final Instant window : List.of(DAY, DAY.plusSeconds(10), NEXT_DAY)) {
                for (final String action : List.of("click", "view", "\uFFFF", "\uD83D\uDE80")) {
                    for (final String user : List.of("anna", "flush" + flush)) {
                        model.add(batch, new TestEvent(window.toEpochMilli(), user, action, "a"));
                        model.add(batch, new TestEvent(window.toEpochMilli() + 9_999, user, action, "b"));
                    }
                }
            }
            store.commit(batch, Map.of("s", WindowModel.counted(flush * 48L)));
            batch.clear();
        }
    }

    @AfterEach
    void close() {
        queries.close();
        store.close();
    }

    @Test
    void shouldAddUpFlushesAndCountDistinctUsers() throws Exception {
        final List<AggregateRow> rows = queries.aggregates(new AggregateFilter(DAY, END, null, null, null, 100));
        assertThat(rows).hasSize(24).allSatisfy(row -> {
            assertThat(row.count()).isEqualTo(4);
            assertThat(row.users()).isEqualTo(3);
        });
        // By bytes: U+FFFF (EF BF BF) before the rocket (F0 9F 9A 80).
        assertThat(rows.subList(0, 8))
                .extracting(row -> row.action() + row.element())
                .containsExactly(
                        "clicka", "clickb", "viewa", "viewb", "\uFFFFa", "\uFFFFb", "\uD83D\uDE80a", "\uD83D\uDE80b");
    }

    @Test
    void shouldGiveEveryRowOnceOverPages() throws Exception {
        final List<AggregateRow> all = queries.aggregates(new AggregateFilter(DAY, END, null, null, null, 100));
        for (final int limit : new int[] {1, 5, 8, 24, 25}) {
            final List<AggregateRow> paged = new ArrayList<>();
            List<AggregateRow> page = queries.aggregates(new AggregateFilter(DAY, END, null, null, null, limit));
            while (!page.isEmpty()) {
                assertThat(page).hasSizeLessThanOrEqualTo(limit);
                paged.addAll(page);
                final AggregateCursor after = page.get(page.size() - 1).cursor();
                page = queries.aggregates(new AggregateFilter(DAY, END, null, null, after, limit));
            }
            assertThat(paged).isEqualTo(all);
        }
    }

    @Test
    void shouldNarrowByTimeActionAndElement() throws Exception {
        assertThat(queries.aggregates(new AggregateFilter(DAY.plusSeconds(10), NEXT_DAY, "view", "b", null, 100)))
                .containsExactly(new AggregateRow(DAY.plusSeconds(10), "view", "b", 4, 3));
        assertThat(queries.aggregates(new AggregateFilter(DAY, END, null, "a", null, 100)))
                .hasSize(12);
        assertThat(queries.aggregates(new AggregateFilter(DAY, END, "' OR true --", null, null, 100)))
                .isEmpty();
        assertThat(queries.aggregates(new AggregateFilter(END, DAY, null, null, null, 100)))
                .isEmpty();
    }

    @Test
    void shouldAnswerNothingForTextThatNoRowCanHold() throws Exception {
        assertThat(queries.aggregates(new AggregateFilter(DAY, END, "a\0", null, null, 100)))
                .isEmpty();
        assertThat(queries.aggregates(new AggregateFilter(DAY, END, null, "\0", null, 100)))
                .isEmpty();
    }

    @Test
    void shouldReadOnlyAndSeeTheTotals() throws Exception {
        assertThat(queries.totals(false)).isEqualTo(queries.totals(true));
        assertThat(queries.totals(false).counted()).isEqualTo(96);
        assertThat(queries.totals(false).streams().get(0).updatedAt()).isAfter(Instant.EPOCH);
    }

    @Test
    void shouldSayForHowManyDaysThereArePartitionsOfBothTables() throws Exception {
        final LocalDate today = LocalDate.now(ZoneOffset.UTC);
        // Midnight may have passed since the flush.
        assertThat(queries.partitionDaysAhead()).isBetween(1, 2);
        final String tomorrow = DateTimeFormatter.BASIC_ISO_DATE.format(today.plusDays(1));
        PostgresExtension.execute(database, "DROP TABLE user_event_maps_" + tomorrow);
        assertThat(queries.partitionDaysAhead()).isZero();
    }

    @Test
    void shouldSayWhatCannotBeRead() throws Exception {
        PostgresExtension.execute(database, "DROP VIEW user_events", "DROP TABLE day_totals");
        assertThatThrownBy(() -> queries.totals(false))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("cannot read totals")
                .hasMessageContaining("42P01");
    }
}
