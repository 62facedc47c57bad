package io.millrace.storage.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.pipeline.AckLevel;
import io.millrace.pipeline.PipelineCounter;
import io.millrace.storage.testing.Await;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Each event once, on its way from the journal to the tables while nothing fails. */
class DataPathIT extends LineTests {
    @Test
    void shouldCarryEventsFromTheJournalToTheTables() throws Exception {
        line().commit(100);

        line().stepUntilStored();

        assertThat(line().storedUsers()).isEqualTo(Line.each(1, 100));
        assertThat(line().journal().reader().freedSequence()).isEqualTo(100);
        assertThat(REDIS.commands().xlen(line().stream())).isZero();
        assertThat(REDIS.commands().xinfoGroups(line().stream()).toString()).contains(Line.GENERATION + "-100");
    }

    @Test
    void shouldShipOneEventAtOnceAndManyInOneBlock() throws Exception {
        line().ship(2);
        line().commit(1);
        line().ship(1);
        assertThat(REDIS.commands().xlen(line().stream())).isEqualTo(1);

        line().commit(20);
        line().ship(2);

        assertThat(line().shipper().counters().get(PipelineCounter.SHIPPED_EVENTS))
                .isEqualTo(21);
        assertThat(REDIS.commands().xlen(line().stream())).isLessThanOrEqualTo(3);
    }

    @Test
    void shouldLetWhatFollowsASmallBlockLingerAndGoInOne() {
        line().linger(Duration.ofSeconds(5));
        line().ship(2);
        line().commit(1);
        line().ship(1);
        assertThat(REDIS.commands().xlen(line().stream())).isEqualTo(1);

        for (int i = 0; i < 2; i++) {
            line().commit(10);
            line().ship(1);
            assertThat(REDIS.commands().xlen(line().stream())).isEqualTo(1);
        }
        line().ship(1);

        assertThat(REDIS.commands().xlen(line().stream())).isEqualTo(2);
        assertThat(line().journal().progress().streamed()).isEqualTo(21);
    }

    @Test
    void shouldNotLetLingerWhatAnAnswerWaitsFor() {
        line().linger(Duration.ofDays(1));
        line().ship(2);
        line().commit(1);
        line().ship(1);
        line().commit(1);
        line().ship(1);
        assertThat(line().journal().progress().streamed()).isEqualTo(1);

        line().journal().progress().want(AckLevel.STREAM, 2);
        line().ship(1);
        assertThat(line().journal().progress().streamed()).isEqualTo(2);

        line().commit(1);
        line().ship(1);
        assertThat(line().journal().progress().streamed()).isEqualTo(2);
        line().journal().progress().want(AckLevel.STORED, 3);
        line().ship(1);
        assertThat(line().journal().progress().streamed()).isEqualTo(3);
    }

    @Test
    void shouldFlushEarlierWhileAnAnswerWaitsForIt() throws Exception {
        line().commit(20);
        line().stepUntilStored();
        line().commit(10);
        line().shipUntil("it is streamed", () -> line().journal().progress().streamed() == 30);
        line().aggregator().doWork();
        assertThat(line().journal().progress().stored())
                .as("a second had passed")
                .isEqualTo(30);

        line().commit(10);
        Await.until(
                "it is streamed",
                () -> line().shipper().doWork() >= 0
                        && line().journal().progress().streamed() == 40);
        line().pass(Duration.ofMillis(99));
        line().journal().progress().want(AckLevel.STORED, 40);
        assertThat(line().aggregator().doWork()).isPositive();
        assertThat(line().journal().progress().stored())
                .as("read, but too soon to flush")
                .isEqualTo(30);
        assertThat(line().aggregator().nanosToFlush())
                .isEqualTo(Duration.ofMillis(1).toNanos());
        line().pass(Duration.ofNanos(line().aggregator().nanosToFlush()));
        line().aggregator().doWork();
        assertThat(line().journal().progress().stored()).isEqualTo(40);
        assertThat(line().aggregator().nanosToFlush())
                .as("there is nothing to flush")
                .isEqualTo(Long.MAX_VALUE);

        line().commit(10);
        Await.until(
                "it is streamed",
                () -> line().shipper().doWork() >= 0
                        && line().journal().progress().streamed() == 50);
        line().pass(Duration.ofMillis(500));
        line().aggregator().doWork();
        assertThat(line().journal().progress().stored()).as("nobody waits").isEqualTo(40);
        assertThat(line().aggregator().nanosToFlush())
                .isEqualTo(Duration.ofMillis(500).toNanos());
    }

    @Test
    void shouldFreeOnlyWhatIsStoredWhileThereIsRoom() throws Exception {
        line().commit(100);
        line().shipUntil("all is streamed", () -> line().journal().progress().streamed() == 100);

        assertThat(line().journal().reader().freedSequence()).isZero();
    }

    @Test
    void shouldFreeWhatADurableRedisHasWhenMoreThanHalfFull() throws Exception {
        int committed = 0;
        while (line().journal().reader().usedBytes() <= Line.CAPACITY / 2) {
            line().commit(10);
            committed += 10;
        }
        final long all = committed;
        line().shipUntil("all is streamed", () -> line().journal().progress().streamed() == all);
        line().ship(2);

        assertThat(line().journal().reader().freedSequence()).isPositive();
        line().stepUntilStored();
        assertThat(line().storedUsers()).isEqualTo(Line.each(1, committed));
    }

    @Test
    void shouldReachTheWindowStoreBeforeThereIsAnyStream() {
        line().aggregate(1);

        assertThat(line().aggregator().connected()).isTrue();
    }

    @Test
    void shouldLearnFromTheBookmarkWhatAnotherProcessStored() throws Exception {
        line().share();
        line().commit(30);

        line().stepUntilStored();

        assertThat(line().storedUsers()).isEqualTo(Line.each(1, 30));
        assertThat(line().journal().reader().freedSequence()).isEqualTo(30);
    }
}
