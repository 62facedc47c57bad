package io.millrace.storage.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.pipeline.ship.EntryId;
import io.millrace.pipeline.ship.EventStream;
import io.millrace.pipeline.ship.StreamException;
import io.millrace.pipeline.ship.StreamState;
import io.millrace.pipeline.window.EventFeed;
import io.millrace.storage.testing.Await;
import io.millrace.storage.testing.RedisClusterServers;
import io.millrace.storage.testing.RedisProcess;
import java.time.Duration;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(600)
final class RedisClusterFailoverIT {
    private static final int MASTERS = 3;
    private static final Duration SHORT = Duration.ofMillis(200);

    private RedisClusterServers cluster;

    @BeforeEach
    void start() throws Exception {
        cluster = RedisClusterServers.start(MASTERS);
    }

    @AfterEach
    void stop() throws Exception {
        cluster.close();
    }

    /** The name of a stream that this master has. */
    private String nameAt(final int master) {
        int n = 0;
        while (cluster.masterOf(name(n)) != master) {
            n++;
        }
        return name(n);
    }

    private static String name(final int n) {
        return "millrace:events:{node" + n + "-0}";
    }

    private static boolean append(final EventStream stream, final long sequence) throws StreamException {
        final byte[] block = {(byte) sequence};
        return stream.append(new EntryId(1, sequence), new UnsafeBuffer(block), 0, block.length);
    }

    @Test
    void shouldGoOnAtAReplicaThatTookItsMastersPlace() throws Exception {
        final RedisProcess replica = cluster.replicas().get(1);
        try (RedisStreams streams = RedisStreams.open(RedisOptions.of(cluster.uri()));
                EventFeed feed = streams.eventFeed();
                EventStream stream = streams.eventStream(nameAt(1))) {
            stream.resync();
            append(stream, 1);
            assertThat(feed.last(nameAt(1))).isEqualTo(new EntryId(1, 1));

            replica.commands().clusterFailover(false);
            RedisClusterServers.awaitMaster(replica);

            // The former master lives, and answers MOVED.
            assertThatThrownBy(() -> append(stream, 2)).isInstanceOf(StreamException.class);
            final StreamState state = Await.success("the stream is found", stream::resync);
            assertThat(state.lastGenerated()).isEqualTo(new EntryId(1, 1));
            append(stream, 2);
            assertThat(Await.success("the feed finds it", () -> feed.last(nameAt(1))))
                    .isEqualTo(new EntryId(1, 2));
        }
    }

    @Test
    void shouldServeTheOtherMastersStreamsWhileOneIsStalled() throws Exception {
        try (RedisStreams streams = RedisStreams.open(new RedisOptions(cluster.uri(), SHORT, SHORT, 1, 0));
                EventStream stalled = streams.eventStream(nameAt(0));
                EventStream other = streams.eventStream(nameAt(1));
                EventFeed feed = streams.eventFeed()) {
            // The list of streams must not be at the stalled one: it is asked for at each resync.
            assertThat(cluster.masterOf(RedisKeys.STREAMS)).isNotZero();
            cluster.masters().get(0).pause();
            try {
                assertThatThrownBy(stalled::resync).isInstanceOf(StreamException.class);
                Await.until("it is not tried again at once", () -> {
                    try {
                        feed.last(nameAt(0));
                        return false;
                    } catch (final StreamException e) {
                        return e.getMessage().contains("a moment ago");
                    }
                });
                // The stalled one is also the first to be asked where the masters are; then it is the next one's turn.
                Await.success("another tells where the masters are", other::resync);
                append(other, 1);
                assertThat(feed.last(nameAt(1))).isEqualTo(new EntryId(1, 1));
            } finally {
                cluster.masters().get(0).resume();
            }
            Await.success("the stalled master, or its replica, answers", stalled::resync);
            Await.success("the feed finds it", () -> feed.last(nameAt(0)));
        }
    }
}
