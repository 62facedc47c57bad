package io.millrace.storage.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.pipeline.PipelineCounter;
import io.millrace.pipeline.window.Aggregator;
import io.millrace.storage.datapath.Rig.Lane;
import io.millrace.storage.redis.RedisOptions;
import io.millrace.storage.redis.RedisStreams;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several aggregators share the streams out, and each event is counted once while they do. */
class SharingIT extends DataPathTests {
    private static final int STREAMS = 5;

    private final List<Lane> lanes = new ArrayList<>();
    private Rig rig;

    @BeforeEach
    void prepare() throws Exception {
        final RedisOptions redis = new RedisOptions(REDIS.uri(), Duration.ofSeconds(1), Duration.ofMillis(500), 1, 0);
        rig = new Rig(folder(), RedisStreams.open(redis), database(), Duration.ZERO);
        for (int i = 0; i < STREAMS; i++) {
            lanes.add(rig.lane("n" + i));
        }
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private long owned(final Aggregator aggregator) {
        return lanes.stream().filter(lane -> aggregator.owns(lane.stream())).count();
    }

    private void commitToAll() {
        lanes.forEach(lane -> rig.commit(lane, 10));
    }

    private void awaitShares(final Aggregator one, final Aggregator other) throws Exception {
        rig.stepUntil("the streams are shared out", () -> {
            commitToAll();
            return Math.abs(owned(one) - owned(other)) <= 1 && owned(one) + owned(other) == STREAMS;
        });
    }

    @Test
    void shouldLeaveHalfOfTheStreamsToAnAggregatorThatJoins() throws Exception {
        final Aggregator first = rig.aggregator();
        rig.stepUntil("the first has all", () -> owned(first) == STREAMS);
        final Aggregator second = rig.aggregator();

        awaitShares(first, second);
        final long released = first.counters().get(PipelineCounter.RELEASED_STREAMS);
        assertThat(released).isEqualTo(STREAMS / 2);
        rig.step(20);

        assertThat(owned(second)).isEqualTo(STREAMS / 2);
        assertThat(first.counters().get(PipelineCounter.RELEASED_STREAMS))
                .as("and then none moves any more")
                .isEqualTo(released);
        assertThat(second.counters().get(PipelineCounter.RELEASED_STREAMS)).isZero();
        rig.stepUntilStored();
        assertThat(rig.storedUsers()).isEqualTo(rig.committedUsers());
        assertThat(rig.lost()).isZero();
    }

    @Test
    void shouldTakeAllWhenTheOtherAggregatorHasEnded() throws Exception {
        final Aggregator first = rig.aggregator();
        final Aggregator second = rig.aggregator();
        awaitShares(first, second);

        rig.close(first);
        commitToAll();
        rig.stepUntil("the second has all", () -> owned(second) == STREAMS);

        rig.stepUntilStored();
        assertThat(rig.storedUsers()).isEqualTo(rig.committedUsers());
        assertThat(rig.lost()).isZero();
    }

    @Test
    void shouldLetGoOfAStreamThatWasRemoved() throws Exception {
        final Aggregator aggregator = rig.aggregator();
        rig.stepUntil("it has all", () -> owned(aggregator) == STREAMS);
        final String removed = lanes.get(0).stream();
        REDIS.commands().del(removed);
        REDIS.commands().srem("millrace:streams", removed);

        // Its shipper makes it anew as soon as it asks; without an event it does not.
        rig.stepUntil("it has let go", () -> !aggregator.owns(removed));

        commitToAll();
        rig.stepUntilStored();
        assertThat(rig.storedUsers()).isEqualTo(rig.committedUsers());
    }

    @Test
    void shouldFindAStreamAgainThatTheListHasLost() throws Exception {
        final Aggregator first = rig.aggregator();
        rig.stepUntil("it has all", () -> owned(first) == STREAMS);
        rig.close(first);
        REDIS.commands().del("millrace:streams");
        commitToAll();

        final Aggregator second = rig.aggregator();
        rig.stepUntilStored();

        assertThat(owned(second)).isEqualTo(STREAMS);
        assertThat(rig.storedUsers()).isEqualTo(rig.committedUsers());
    }

    /** The bookmark is the only word that a node gets of what is stored, and Redis loses it before the node has heard. */
    @Test
    void shouldSetTheBookmarksAgainThatRedisHasLost() throws Exception {
        commitToAll();
        rig.shipUntilStreamed();
        final Aggregator aggregator = rig.aggregator();
        while (rig.storedUsers().size() < rig.committedUsers().size()) {
            rig.pass(Duration.ofSeconds(2));
            aggregator.doWork();
        }
        aggregator.doWork();
        assertThat(REDIS.commands().xinfoGroups(lanes.get(0).stream()).toString())
                .contains(Rig.GENERATION + "-10");
        assertThat(lanes).noneMatch(Lane::isStored);
        REDIS.commands().flushall();
        rig.shipUntil(
                "they have begun anew before the aggregator looks",
                () -> lanes.stream()
                        .allMatch(lane ->
                                lane.shipper().counters().get(PipelineCounter.RESYNCS) == 2 && lane.isStreamed()));

        rig.stepUntilStored();

        assertThat(lanes)
                .allMatch(lane ->
                        lane.journal().reader().freedSequence() == lane.users().size());
        assertThat(rig.storedUsers()).isEqualTo(rig.committedUsers());
    }

    @Test
    void shouldLeaveAllStreamsWhenNoPartOfRedisAnswers() throws Exception {
        final Aggregator aggregator = rig.aggregator();
        commitToAll();
        rig.stepUntil("it has all", () -> owned(aggregator) == STREAMS);
        REDIS.pause();
        try {
            rig.pass(Duration.ofSeconds(20));
            // Each round waits for answers that do not come.
            rig.step(1);
            assertThat(owned(aggregator)).isZero();
            assertThat(aggregator.counters().get(PipelineCounter.RELEASED_STREAMS))
                    .isEqualTo(STREAMS);
        } finally {
            REDIS.resume();
        }
        rig.stepUntilStored();
        assertThat(owned(aggregator)).isEqualTo(STREAMS);
        assertThat(rig.storedUsers()).isEqualTo(rig.committedUsers());
    }
}
