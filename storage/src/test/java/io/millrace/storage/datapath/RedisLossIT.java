package io.millrace.storage.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.KillArgs;
import io.lettuce.core.Range;
import io.lettuce.core.ScriptOutputType;
import io.millrace.pipeline.PipelineCounter;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Each event once, although Redis loses what it had, or the connections to it. */
class RedisLossIT extends LineTests {
    @Test
    void shouldLoseNothingWhenRedisLosesEverything() throws Exception {
        line().commit(100);
        line().shipUntil("all is streamed", () -> line().journal().progress().streamed() == 100);
        REDIS.commands().flushall();
        line().commit(10);

        line().stepUntilStored();

        assertThat(line().storedUsers()).isEqualTo(Line.each(1, 110));
        assertThat(line().lost()).isZero();
    }

    @Test
    void shouldLoseNothingWhenRedisLosesEverythingBetweenTwoFlushes() throws Exception {
        line().commit(50);
        line().stepUntilStored();
        line().commit(50);
        line().shipUntil("all is streamed", () -> line().journal().progress().streamed() == 100);
        REDIS.commands().flushall();
        line().commit(1);

        line().stepUntilStored();

        assertThat(line().storedUsers()).isEqualTo(Line.each(1, 101));
        assertThat(line().lost()).isZero();
    }

    @Test
    void shouldGoOnAfterItsConnectionsWereCut() throws Exception {
        for (int round = 0; round < 5; round++) {
            line().commit(20);
            line().ship(2);
            REDIS.commands().clientKill(KillArgs.Builder.skipme());
            line().step(3);
        }
        line().stepUntilStored();

        assertThat(line().storedUsers()).isEqualTo(Line.each(1, 100));
        assertThat(line().shipper().counters().get(PipelineCounter.SHIP_FAILURES))
                .isPositive();
        assertThat(line().shipper().counters().get(PipelineCounter.RESYNCS)).isGreaterThan(1);
    }

    @Test
    void shouldCountAsLostExactlyWhatNobodyHolds() throws Exception {
        line().ship(2);
        for (int i = 0; i < 5; i++) {
            line().commit(10);
            line().ship(1);
        }
        assertThat(REDIS.commands().xdel(line().stream(), Line.GENERATION + "-30"))
                .isEqualTo(1);

        line().stepUntil("the rest is stored", () -> line().journal().progress().stored() == 50);

        final Map<String, Long> stored = Line.each(1, 50);
        LongStream.rangeClosed(21, 30).forEach(lost -> stored.remove("user" + lost));
        assertThat(line().storedUsers()).isEqualTo(stored);
        assertThat(line().lost()).isEqualTo(10);
        assertThat(line().aggregator().counters().get(PipelineCounter.GAPS)).isEqualTo(1);
    }

    @Test
    void shouldFindEventsThatStandBehindAGapInTheStream() throws Exception {
        line().commit(10);
        line().ship(3);
        final var first = REDIS.commands().xrange(line().stream(), Range.unbounded());
        line().commit(10);
        line().ship(3);
        // The first block, moved behind the second.
        final var entries = REDIS.commands().xrange(line().stream(), Range.unbounded());
        assertThat(entries).hasSizeGreaterThan(first.size());
        assertThat(first).hasSize(1);
        moveBehind(first.get(0).getId());

        line().stepUntilStored();

        assertThat(line().storedUsers()).isEqualTo(Line.each(1, 20));
        assertThat(line().lost()).isZero();
        assertThat(line().aggregator().counters().get(PipelineCounter.GAPS)).isEqualTo(1);
    }

    private void moveBehind(final String firstId) {
        final String script = "local e = redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[1])[1]"
                + " redis.call('XDEL', KEYS[1], ARGV[1])"
                + " return redis.call('XADD', KEYS[1], '8-0', 'b', e[2][2])";
        REDIS.commands().eval(script, ScriptOutputType.STATUS, new String[] {line().stream()}, firstId);
    }
}
