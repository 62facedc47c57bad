package io.millrace.storage.postgres;

import static io.millrace.storage.testing.PostgresExtension.connect;
import static io.millrace.storage.testing.PostgresExtension.execute;
import static io.millrace.storage.testing.PostgresExtension.number;
import static io.millrace.storage.testing.PostgresExtension.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.pipeline.window.FlushBatch;
import io.millrace.pipeline.window.StoreException;
import io.millrace.pipeline.window.Watermark;
import io.millrace.storage.testing.Await;
import io.millrace.storage.testing.Relay;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** An event whose id was counted is not counted again, whoever sends it again and whatever happens in between. */
class DeduplicationIT extends TwoAggregators {
    @Test
    void shouldCountTheFirstOfTwoEventsInOneFlush() throws Exception {
        first.send(counted(event("a", "id")), event("b", "id"), counted(event("b", "other id")));
        first.flush();

        assertThat(first.watermark().duplicates()).isEqualTo(1);
        assertStored();
    }

    @Test
    void shouldCountTheFirstOfTwoEventsInTwoFlushes() throws Exception {
        first.send(counted(event("a", "id")));
        first.flush();
        first.send(event("b", "id"), counted(event("c", "other id")));
        first.flush();

        assertThat(first.watermark().duplicates()).isEqualTo(1);
        assertStored();
    }

    @Test
    void shouldKnowAnIdFromAnotherStreamOfTheSameFlush() throws Exception {
        first.ownToo("other");
        first.send(counted(event("a", "id")));
        assertThat(first.sendFrom("other", event("b", "id"))).isEqualTo(FlushBatch.Outcome.DUPLICATE);
        final Watermark other = new Watermark(WindowModel.counted(1).entry(), 1, 0, 1, 0, 0);
        first.flush(Map.of("other", other));

        assertThat(number(database, "SELECT duplicates FROM stream_watermarks WHERE stream = 'other'"))
                .isEqualTo(1);
        assertStored();
    }

    @Test
    void shouldKnowAnIdThatAnotherAggregatorCounted() throws Exception {
        first.send(counted(event("a", "id")));
        first.flush();
        second.send(event("a", "id"));
        second.flush();

        assertThat(second.watermark().duplicates()).isEqualTo(1);
        assertStored();
    }

    @Test
    void shouldKnowAnIdAfterARestart() throws Exception {
        first.send(counted(event("a", "id")));
        first.flush();
        first.close();
        first.own();
        first.send(event("a", "id"));
        first.flush();

        assertThat(first.watermark().duplicates()).isEqualTo(1);
        assertStored();
    }

    @Test
    void shouldTellAnyTwoIdsApart() throws Exception {
        final List<String> ids = List.of("a", "aa", "A", "a ", "\u00e9", "e\u0301", "\\x61", "x".repeat(64), "\u0001");
        for (final String id : ids) {
            first.send(counted(event("u", id)));
        }
        first.flush();
        for (final String id : ids) {
            first.send(event("u", id));
        }
        first.flush();

        assertThat(first.watermark().duplicates()).isEqualTo(ids.size());
        assertStored();
    }

    @Test
    void shouldCountManyIdsAndManyDuplicates() throws Exception {
        final int ids = 50_000;
        for (int i = 0; i < ids; i++) {
            first.send(counted(event("u" + i % 100, "id" + i)));
        }
        first.flush();
        for (int i = ids / 2; i < 2 * ids; i++) {
            first.send(i < ids ? event("u", "id" + i) : counted(event("u", "id" + i)));
        }
        first.flush();

        assertThat(first.watermark().duplicates()).isEqualTo(ids / 2);
        assertStored();
    }

    @Test
    void shouldCountEveryEventWhenIdsAreIgnored() throws Exception {
        final Aggregation ignoring = Aggregation.ignoringIds("ignoring", database, nanos::get);
        ignoring.send(counted(event("a", "id")), counted(event("a", "id")));
        ignoring.flush();
        ignoring.heartbeat();

        assertStored();
        assertThat(rows(database, LIVE)).isEmpty();
    }

    @Test
    void shouldAskNothingForEventsWithoutAnId() throws Exception {
        first.send(counted(event("a", "")), counted(event("a", "")));
        first.flush();

        assertStored();
        assertThat(rows(database, LIVE)).isEmpty();
        assertThat(rows(database, "SELECT 1 FROM pg_class WHERE relname = 'millrace_ids'"))
                .isEmpty();
    }

    @Test
    void shouldClaimAnIdThatAnotherFlushGaveUp() throws Exception {
        first.send(event("a", "id"));
        second.send(counted(event("b", "id")));
        second.ownToo("warm up");
        try (Connection blocker = connect(database);
                Statement statement = blocker.createStatement()) {
            first.heartbeat();
            execute(database, "INSERT INTO day_totals VALUES ('2026-03-01', 0)");
            blocker.setAutoCommit(false);
            statement.execute("SELECT * FROM day_totals FOR UPDATE");
            final Future<?> abandoned = flushing(first);
            Await.until("the first flush waits for the day", () -> waiting() == 1);
            final Future<?> waiter = flushing(second);
            Await.until("the second flush waits for the id", () -> waiting() == 2);
            final long pid = number(
                    database,
                    "SELECT pid " + AGGREGATORS + " AND wait_event = 'tuple' OR pid IN (SELECT pid " + AGGREGATORS
                            + " AND query LIKE '%day_totals%')");
            execute(database, "SELECT pg_terminate_backend(" + pid + ")");
            assertThatThrownBy(() -> abandoned.get(120, TimeUnit.SECONDS)).hasCauseInstanceOf(StoreException.class);
            blocker.rollback();
            waiter.get(120, TimeUnit.SECONDS);
        }
        assertThat(second.watermark().duplicates()).isZero();
        assertStored();
    }

    @Test
    void shouldComeOutTheSameWhenTheOutcomeOfACommitWasNotHeard() throws Exception {
        final int port = Integer.parseInt(database.jdbcUrl().replaceFirst(".*:([0-9]+)/.*", "$1"));
        final LostReply lost = new LostReply();
        try (Relay relay = new Relay(port, lost)) {
            relay.open();
            final PostgresSettings behindProxy = new PostgresSettings(
                    database.jdbcUrl().replace(":" + port + "/", ":" + relay.port() + "/"),
                    database.user(),
                    database.password());
            final Aggregation cut = open("cut", behindProxy);
            cut.send(counted(event("a", "id")), event("b", "id"));
            assertThatThrownBy(cut::flush).isInstanceOf(StoreException.class);
            assertThat(lost.hasCut()).isTrue();
            cut.own();
            assertThat(cut.watermark())
                    .isEqualTo(new Watermark(WindowModel.counted(2).entry(), 2, 1, 1, 0, 0));
            cut.send(event("c", "id"), counted(event("c", "other")));
            cut.flush();
            cut.close();
        }
        assertStored();
    }

    @Test
    void shouldNotDeadlockOverIdsThatTwoFlushesHaveInCommon() throws Exception {
        final int ids = 5_000;
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < ids; i++) {
                first.send(counted(event("u", round + "/" + i)));
                second.send(event("u", round + "/" + (ids - 1 - i)));
            }
            final Future<?> flush = flushing(first);
            final Future<?> otherFlush = flushing(second);
            flush.get(120, TimeUnit.SECONDS);
            otherFlush.get(120, TimeUnit.SECONDS);
        }
        assertThat(first.watermark().duplicates() + second.watermark().duplicates())
                .isEqualTo(3 * ids);
        assertStored();
    }
}
