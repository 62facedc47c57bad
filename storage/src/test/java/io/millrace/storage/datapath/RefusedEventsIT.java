package io.millrace.storage.datapath;

import static io.millrace.storage.testing.PostgresExtension.execute;
import static io.millrace.storage.testing.PostgresExtension.rows;
import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.Range;
import io.lettuce.core.StreamMessage;
import io.millrace.pipeline.PipelineCounter;
import io.millrace.pipeline.testing.TestEvent;
import io.millrace.storage.postgres.query.EventQueries;
import io.millrace.storage.postgres.query.StoredTotals;
import io.millrace.storage.redis.RedisOptions;
import io.millrace.storage.redis.RedisStreams;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Events that PostgreSQL refuses, among others, over two streams. */
class RefusedEventsIT extends DataPathTests {
    private static final long NOW_MILLIS = 1_767_225_600_000L;

    private RedisStreams streams;
    private Node node;

    @BeforeEach
    void open() throws Exception {
        streams = RedisStreams.open(RedisOptions.of(REDIS.uri()));
        node = Node.alone(2, folder(), streams, database());
        execute(
                database(),
                "ALTER TABLE aggregated_events ADD CONSTRAINT no_bad_element CHECK (element NOT LIKE 'bad%')",
                "ALTER TABLE hourly_totals ADD CONSTRAINT no_bad_action CHECK (action <> 'bad')");
    }

    @AfterEach
    void close() {
        node.close();
        streams.close();
    }

    @Test
    void shouldCountTheRestAndChargeTheRightStream() throws Exception {
        for (int i = 0; i < 50; i++) {
            node.commit(0, event("u" + i, i % 10 == 0 ? "bad" : "good", ""));
            node.commit(1, event("u" + i, i % 25 == 0 ? "bad" : "good", i % 2 == 0 ? "id" + i : ""));
        }
        node.commit(1, event("u", "good", "id2"));

        node.stepUntilStored();

        assertBooks("n-0", 45, 0, 5);
        assertBooks("n-1", 48, 1, 2);
        assertThat(rejected())
                .hasSize(7)
                .allSatisfy(entry -> assertThat(entry.get("reason"))
                        .startsWith("1 event refused: ")
                        .contains("no_bad_element", "SQLSTATE 23514"));
        assertThat(rejected())
                .filteredOn(entry -> entry.get("stream").contains("n-1"))
                .hasSize(2);
        assertThat(rejected().get(0).get("b")).contains("clickbad");
        assertThat(node.aggregator().counters().get(PipelineCounter.REFUSED_EVENTS))
                .isEqualTo(7);
        assertThat(node.aggregator().counters().get(PipelineCounter.DUPLICATE_EVENTS))
                .isEqualTo(1);
    }

    @Test
    void shouldTakeMoreCareOnlyUntilThePoisonIsPassed() throws Exception {
        node.commit(0, event("u", "bad", ""));
        node.stepUntilStored();
        final long failures = node.aggregator().counters().get(PipelineCounter.STORE_FAILURES);
        final long flushes = node.aggregator().counters().get(PipelineCounter.FLUSHES);
        assertThat(failures).isEqualTo(1);
        node.commit(0, event("u", "good", ""));
        node.commit(1, event("u", "good", ""));
        node.step(3);

        // One flush for both streams.
        assertThat(node.aggregator().counters().get(PipelineCounter.FLUSHES)).isEqualTo(flushes + 1);
        assertThat(node.aggregator().counters().get(PipelineCounter.STORE_FAILURES))
                .isEqualTo(failures);
        assertBooks("n-0", 1, 0, 1);
        assertBooks("n-1", 1, 0, 0);
    }

    @Test
    void shouldGoOnAfterARestartInTheMiddle() throws Exception {
        for (int i = 0; i < 20; i++) {
            node.commit(i % 2, event("u" + i, i % 5 == 0 ? "bad" : "good", "id" + i));
            node.step();
            node.restartAggregator();
        }
        node.stepUntilStored();

        assertBooks("n-0", 8, 0, 2);
        assertBooks("n-1", 8, 0, 2);
    }

    @Test
    void shouldMakeADroppedPartitionAgainAndRefuseNothing() throws Exception {
        node.commit(0, event("u", "good", ""));
        node.stepUntilStored();
        final String day = "_20260101";
        execute(
                database(),
                "DROP TABLE aggregated_events" + day,
                "DROP TABLE user_event_maps" + day,
                "UPDATE day_totals SET expired = true");
        node.commit(0, event("v", "good", ""));
        node.commit(1, event("w", "good", "id"));
        node.stepUntilStored();

        assertThat(rejected()).isEmpty();
        assertBooks("n-0", 2, 0, 0);
        assertBooks("n-1", 1, 0, 0);
    }

    @Test
    void shouldRefuseByARuleOfAnotherTableToo() throws Exception {
        node.commit(0, new TestEvent(NOW_MILLIS, "u", "bad", "good"), event("u", "good", ""));
        node.stepUntilStored();

        assertBooks("n-0", 1, 0, 1);
        assertThat(rejected())
                .singleElement()
                .satisfies(entry -> assertThat(entry.get("reason")).contains("no_bad_action"));
    }

    private static TestEvent event(final String user, final String element, final String eventId) {
        return new TestEvent(NOW_MILLIS, user, "click", element, eventId);
    }

    private void assertBooks(final String loop, final long counted, final long duplicates, final long poisoned)
            throws Exception {
        assertThat(rows(
                        database(),
                        "SELECT counted, duplicates, poisoned, lost, last_event - counted - duplicates - poisoned - lost"
                                + " FROM stream_watermarks WHERE stream = 'millrace:events:{" + loop + "}'"))
                .containsExactly(
                        List.of(Long.toString(counted), Long.toString(duplicates), Long.toString(poisoned), "0", "0"));
        try (EventQueries queries = new EventQueries(database())) {
            final StoredTotals totals = queries.totals(true);
            assertThat(totals.counted() + totals.expired())
                    .isEqualTo(totals.streams().stream()
                            .mapToLong(stream -> stream.watermark().counted())
                            .sum());
            assertThat(totals.dayDifferences()).isEmpty();
        }
    }

    private List<Map<String, String>> rejected() {
        return REDIS.commands().xrange("millrace:rejected", Range.unbounded()).stream()
                .map(StreamMessage::getBody)
                .toList();
    }
}
