package io.millrace.storage.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.pipeline.PipelineCounter;
import io.millrace.pipeline.ship.EntryId;
import io.millrace.pipeline.window.Aggregator;
import io.millrace.storage.datapath.Rig.Lane;
import io.millrace.storage.postgres.PostgresSchema;
import io.millrace.storage.postgres.PostgresSettings;
import io.millrace.storage.redis.RedisOptions;
import io.millrace.storage.redis.RedisStreams;
import io.millrace.storage.testing.Await;
import io.millrace.storage.testing.PostgresExtension;
import io.millrace.storage.testing.RedisClusterServers;
import io.millrace.storage.testing.RedisProcess;
import io.millrace.storage.testing.RedisSentinelServers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A master dies and a replica takes its place, one that has everything or one that lags: every event is stored once, whatever
 * the replica lacked.
 */
@Timeout(600)
class RedisFailoverFaultIT {
    /** Of which a replica that has to confirm gets half: it is asked again and again. */
    private static final Duration SHORT_LIMIT = Duration.ofSeconds(1);

    /** Within which the replica has what it can have. */
    private static final long REPLICATION_MILLIS = 1_000;

    private static final int EVENTS = 50;

    @RegisterExtension
    static final PostgresExtension POSTGRES = new PostgresExtension();

    @TempDir
    private Path folder;

    private Rig start(final String uri) throws Exception {
        return start(RedisOptions.of(uri));
    }

    private Rig start(final RedisOptions options) throws Exception {
        final PostgresSettings database = POSTGRES.newDatabase();
        PostgresSchema.prepare(database, 10_000, Duration.ofSeconds(10));
        return new Rig(folder, RedisStreams.open(options), database, Duration.ZERO);
    }

    private static void assertEachOnce(final Rig rig) throws Exception {
        assertThat(rig.storedUsers()).isEqualTo(rig.committedUsers());
        assertThat(rig.lost()).isZero();
    }

    @Test
    void shouldGoOnAtTheReplicaThatSentinelsPromote() throws Exception {
        try (RedisSentinelServers servers = RedisSentinelServers.start();
                Rig rig = start(servers.uri())) {
            final Lane lane = rig.lane("n");
            rig.aggregator();
            rig.commit(lane, EVENTS);
            rig.stepUntilStored();

            rig.commit(lane, EVENTS);
            rig.step(1);
            servers.master().kill();
            rig.stepUntil("it has noticed", () -> failures(lane) > 0);
            rig.commit(lane, EVENTS);
            servers.awaitFailover();

            rig.stepUntilStored();
            assertEachOnce(rig);

            // The former master comes back, and then the roles change once more.
            servers.master().restart();
            rig.commit(lane, EVENTS);
            rig.stepUntilStored();
            assertEachOnce(rig);
        }
    }

    @Test
    void shouldShipAgainWhatTheReplicaLacksThatSentinelsPromote() throws Exception {
        try (RedisSentinelServers servers = RedisSentinelServers.start();
                Rig rig = start(servers.uri())) {
            final Lane lane = rig.lane("n");
            rig.aggregator();
            rig.commit(lane, EVENTS);
            rig.stepUntilStored();
            servers.replica().lag();
            // Some of what it lacks is stored, some is only streamed, and some has been read.
            rig.commit(lane, EVENTS);
            rig.stepUntilStored();
            rig.commit(lane, EVENTS);
            rig.shipUntilStreamed();
            rig.step(1);
            rig.commit(lane, EVENTS);
            rig.shipUntilStreamed();

            servers.master().kill();
            servers.awaitFailover();
            assertThat(last(servers.replica(), lane)).as("it has gone back").isEqualTo(EVENTS);
            rig.commit(lane, EVENTS);

            rig.stepUntilStored();
            assertThat(lane.shipper().counters().get(PipelineCounter.RESYNCS)).isGreaterThan(1);
            assertEachOnce(rig);
        }
    }

    /** The bookmark that the replica lacks is the only word that a node gets of what is stored. */
    @Test
    void shouldSetTheBookmarkAgainThatTheReplicaLacks() throws Exception {
        try (RedisSentinelServers servers = RedisSentinelServers.start();
                Rig rig = start(servers.uri())) {
            final Lane lane = rig.lane("n");
            final Aggregator aggregator = rig.aggregator();
            rig.commit(lane, EVENTS);
            rig.shipUntilStreamed();
            Await.until(
                    "the replica has the events",
                    () -> servers.master().commands().waitForReplication(1, REPLICATION_MILLIS) == 1);
            servers.replica().lag();
            while (rig.storedUsers().size() < EVENTS) {
                rig.pass(Duration.ofSeconds(2));
                aggregator.doWork();
            }
            aggregator.doWork();
            assertThat(servers.master().commands().xinfoGroups(lane.stream()).toString())
                    .contains(Rig.GENERATION + "-" + EVENTS);
            assertThat(lane.isStored()).isFalse();

            servers.master().kill();
            servers.awaitFailover();
            // Or else it is so long an outage that the aggregator begins anew, and it is the failover that is meant
            // here.
            rig.round(Duration.ofMillis(100));

            rig.stepUntilStored();
            assertThat(lane.journal().reader().freedSequence()).isEqualTo(EVENTS);
            assertEachOnce(rig);
        }
    }

    @Test
    void shouldStreamOnlyWhatTheReplicaHasWhereItHasToConfirm() throws Exception {
        try (RedisSentinelServers servers = RedisSentinelServers.start();
                Rig rig = start(new RedisOptions(servers.uri(), SHORT_LIMIT, SHORT_LIMIT, 1, 1))) {
            final Lane lane = rig.lane("n");
            rig.commit(lane, EVENTS);
            rig.shipUntilStreamed();
            servers.replica().lag();
            rig.commit(lane, EVENTS);
            rig.stepUntil(
                    "the replica was asked in vain",
                    () -> lane.shipper().counters().get(PipelineCounter.REPLICA_SHORTFALLS) > 0);

            assertThat(lane.journal().progress().streamed()).isEqualTo(EVENTS);
            servers.master().kill();
            servers.awaitFailover();
            assertThat(last(servers.replica(), lane))
                    .isEqualTo(lane.journal().progress().streamed());
            servers.master().restart();
            rig.shipUntilStreamed();
            rig.aggregator();
            rig.stepUntilStored();
            assertEachOnce(rig);
        }
    }

    @Test
    void shouldServeTheOtherStreamsWhileAMasterOfTheClusterIsDead() throws Exception {
        try (RedisClusterServers cluster = RedisClusterServers.start(3);
                Rig rig = start(cluster.uri())) {
            final Lane dead = rig.lane(nodeAt(cluster, 0));
            final Lane alive = rig.lane(nodeAt(cluster, 1));
            rig.aggregator();
            rig.commit(dead, EVENTS);
            rig.commit(alive, EVENTS);
            rig.stepUntilStored();

            final RedisProcess replica = cluster.replicas().get(0);
            replica.pause();
            cluster.masters().get(0).kill();
            rig.commit(dead, EVENTS);
            rig.commit(alive, EVENTS);
            rig.stepUntil("the other stream is stored", alive::isStored);
            assertThat(dead.isStored()).as("nobody has taken the place yet").isFalse();

            replica.resume();
            RedisClusterServers.awaitMaster(replica);
            rig.stepUntilStored();
            assertThat(failures(dead)).isPositive();
            assertThat(failures(alive)).isZero();
            assertEachOnce(rig);
        }
    }

    @Test
    void shouldShipAgainWhatTheReplicaLacksThatAClusterPromotes() throws Exception {
        try (RedisClusterServers cluster = RedisClusterServers.start(3);
                Rig rig = start(cluster.uri())) {
            final Lane lane = rig.lane(nodeAt(cluster, 2));
            rig.aggregator();
            rig.commit(lane, EVENTS);
            rig.stepUntilStored();
            final RedisProcess replica = cluster.replicas().get(2);
            replica.lag();
            rig.commit(lane, EVENTS);
            rig.stepUntilStored();
            rig.commit(lane, EVENTS);
            rig.shipUntilStreamed();

            cluster.masters().get(2).kill();
            RedisClusterServers.awaitMaster(replica);
            assertThat(last(replica, lane)).as("it has gone back").isEqualTo(EVENTS);
            rig.commit(lane, EVENTS);

            rig.stepUntilStored();
            assertEachOnce(rig);
        }
    }

    private static long failures(final Lane lane) {
        return lane.shipper().counters().get(PipelineCounter.SHIP_FAILURES);
    }

    /** A name of a node whose stream that master has. */
    private static String nodeAt(final RedisClusterServers cluster, final int master) {
        int n = 0;
        while (cluster.masterOf("millrace:events:{n" + n + "-0}") != master) {
            n++;
        }
        return "n" + n;
    }

    /** The last event that the server has of the stream. */
    private static long last(final RedisProcess server, final Lane lane) {
        final List<Object> info = server.commands().xinfoStream(lane.stream());
        return EntryId.parse((String) info.get(info.indexOf("last-generated-id") + 1))
                .sequence();
    }
}
