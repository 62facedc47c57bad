package io.millrace.storage.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.pipeline.PipelineCounter;
import io.millrace.pipeline.window.Aggregator;
import io.millrace.storage.datapath.Rig.Lane;
import io.millrace.storage.postgres.PostgresSettings;
import io.millrace.storage.redis.RedisOptions;
import io.millrace.storage.redis.RedisStreams;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A window store that goes back to a past state, as a failover to a standby does that lagged, finds what it has forgotten. */
class KeepIT extends DataPathTests {
    private static final Duration KEEP = Duration.ofHours(1);

    private Rig rig;
    private Lane lane;
    private Aggregator aggregator;

    @AfterEach
    void close() {
        rig.close();
    }

    private void start(final Duration keep) throws Exception {
        rig = new Rig(folder(), RedisStreams.open(RedisOptions.of(REDIS.uri())), database(), keep);
        lane = rig.lane("n");
        aggregator = rig.aggregator();
    }

    /** A copy of the database as it is now. */
    private PostgresSettings copy() throws Exception {
        rig.close(aggregator);
        final String name = database().jdbcUrl().replaceFirst(".*/([^/?]+).*", "$1");
        final PostgresSettings copy = POSTGRES.newDatabase("TEMPLATE " + name);
        aggregator = rig.aggregator();
        return copy;
    }

    /** Ends the aggregator and begins another at a copy that was made before. */
    private void failOverTo(final PostgresSettings past) {
        rig.close(aggregator);
        rig.database(past);
        aggregator = rig.aggregator();
    }

    @Test
    void shouldReadAgainWhatAStoreThatWentBackHasForgotten() throws Exception {
        start(KEEP);
        rig.commit(lane, 30);
        rig.stepUntilStored();
        final PostgresSettings past = copy();
        rig.commit(lane, 40);
        rig.stepUntilStored();

        failOverTo(past);
        assertThat(rig.storedUsers()).hasSize(30);
        rig.stepUntil("all is stored again", () -> rig.storedUsers().size() == 70);

        assertThat(rig.storedUsers()).isEqualTo(rig.committedUsers());
        assertThat(rig.lost()).isZero();
        assertThat(aggregator.counters().get(PipelineCounter.STORE_REGRESSIONS)).isEqualTo(1);
        rig.commit(lane, 5);
        rig.stepUntilStored();
        assertThat(rig.storedUsers()).isEqualTo(rig.committedUsers());
    }

    /** The control: without keeping, the same is lost, and the books say how much. */
    @Test
    void shouldCountAsLostWhatWasNotKept() throws Exception {
        start(Duration.ZERO);
        rig.commit(lane, 30);
        rig.stepUntilStored();
        final PostgresSettings past = copy();
        rig.commit(lane, 40);
        rig.stepUntilStored();

        failOverTo(past);
        rig.commit(lane, 5);
        rig.stepUntil("the rest is stored", () -> rig.storedUsers().size() == 35);

        assertThat(rig.lost()).isEqualTo(40);
        assertThat(aggregator.counters().get(PipelineCounter.STORE_REGRESSIONS)).isEqualTo(1);
    }

    @Test
    void shouldSurviveThatTheStoreGoesBackAndRedisLosesAll() throws Exception {
        start(KEEP);
        rig.commit(lane, 30);
        rig.stepUntilStored();
        final PostgresSettings past = copy();
        rig.commit(lane, 40);
        rig.stepUntilStored();

        REDIS.commands().flushall();
        failOverTo(past);
        rig.commit(lane, 1);
        rig.stepUntil("all is stored again", () -> rig.storedUsers().size() == 71);

        assertThat(rig.storedUsers()).isEqualTo(rig.committedUsers());
        assertThat(rig.lost()).isZero();
    }

    @Test
    void shouldTrimAndFreeOnlyWhenTheTimeIsOver() throws Exception {
        start(KEEP);
        rig.commit(lane, 30);
        rig.stepUntilStored();
        assertThat(REDIS.commands().xlen(lane.stream())).isPositive();
        assertThat(REDIS.commands().xinfoGroups(lane.stream()).toString()).contains(Rig.GENERATION + "-30");
        assertThat(lane.journal().reader().freedSequence()).isZero();

        rig.pass(KEEP);
        rig.step(3);

        assertThat(REDIS.commands().xlen(lane.stream())).isZero();
        assertThat(lane.journal().reader().freedSequence()).isEqualTo(30);
        assertThat(aggregator.counters().get(PipelineCounter.STORE_REGRESSIONS)).isZero();
    }

    @Test
    void shouldNotTakeLessInBecauseItKeepsWhatIsStored() throws Exception {
        start(KEEP);
        while (lane.journal().reader().usedBytes() <= Rig.CAPACITY / 2) {
            rig.commit(lane, 10);
        }
        rig.stepUntilStored();

        assertThat(lane.journal().reader().usedBytes()).isLessThanOrEqualTo(Rig.CAPACITY / 2);
        assertThat(REDIS.commands().xlen(lane.stream())).isPositive();
    }
}
