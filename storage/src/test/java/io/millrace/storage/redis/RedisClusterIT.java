package io.millrace.storage.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.MigrateArgs;
import io.lettuce.core.cluster.SlotHash;
import io.millrace.pipeline.ship.EntryId;
import io.millrace.pipeline.ship.EventStream;
import io.millrace.pipeline.ship.StreamException;
import io.millrace.pipeline.ship.StreamState;
import io.millrace.pipeline.window.EventFeed;
import io.millrace.storage.StartupException;
import io.millrace.storage.testing.Await;
import io.millrace.storage.testing.RedisClusterServers;
import io.millrace.storage.testing.RedisProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(600)
final class RedisClusterIT {
    private static final int MASTERS = 3;
    private static final Duration SHORT = Duration.ofMillis(300);

    private static RedisClusterServers cluster;

    private final List<String> names = new ArrayList<>();
    private RedisStreams streams;
    private EventFeed feed;

    @BeforeAll
    static void startCluster() throws Exception {
        cluster = RedisClusterServers.start(MASTERS);
    }

    @AfterAll
    static void stopCluster() throws Exception {
        cluster.close();
    }

    /** Takes a name of a stream for each master, in their order. */
    @BeforeEach
    void connect() {
        streams = RedisStreams.open(RedisOptions.of(cluster.uri()));
        feed = streams.eventFeed();
        for (int master = 0; master < MASTERS; master++) {
            int n = 0;
            while (cluster.masterOf(name(n)) != master) {
                n++;
            }
            names.add(name(n));
        }
    }

    @AfterEach
    void close() throws Exception {
        for (final String name : names) {
            try (EventStream stream = streams.eventStream(name)) {
                Await.success("the stream is removed", () -> {
                    stream.remove();
                    return null;
                });
            }
        }
        feed.close();
        streams.close();
    }

    private static String name(final int n) {
        return "millrace:events:{node" + n + "-0}";
    }

    private static boolean append(final EventStream stream, final long sequence) throws StreamException {
        final byte[] block = {(byte) sequence};
        return stream.append(new EntryId(1, sequence), new UnsafeBuffer(block), 0, block.length);
    }

    private List<Long> sequences(final String name, final EntryId after) throws StreamException {
        final List<Long> sequences = new ArrayList<>();
        feed.read(name, after, 100, (generation, sequence, buffer, offset, length) -> {
            assertThat(buffer.getByte(offset)).isEqualTo((byte) sequence);
            sequences.add(sequence);
        });
        return sequences;
    }

    @Test
    void shouldPassTheChecks() {
        assertThatCode(() -> streams.check(SHORT)).doesNotThrowAnyException();
    }

    @Test
    void shouldSpreadStreamsOverTheMastersAndReadThemAll() throws Exception {
        for (final String name : names) {
            try (EventStream stream = streams.eventStream(name)) {
                assertThat(stream.resync()).isEqualTo(new StreamState(EntryId.ZERO, EntryId.ZERO, false));
                assertThat(append(stream, 7)).isTrue();
                assertThat(append(stream, 9)).isTrue();
                assertThat(stream.bookmark()).isEqualTo(EntryId.ZERO);
            }
        }

        assertThat(feed.streams()).containsAll(names);
        for (int master = 0; master < MASTERS; master++) {
            final String name = names.get(master);
            assertThat(cluster.masters().get(master).commands().keys("millrace:events:*"))
                    .contains(name);
            assertThat(sequences(name, EntryId.ZERO)).containsExactly(7L, 9L);
            assertThat(feed.last(name)).isEqualTo(new EntryId(1, 9));
            feed.publish(name, new EntryId(1, 7), new EntryId(1, 7));
            assertThat(feed.bookmark(name)).isEqualTo(new EntryId(1, 7));
            assertThat(sequences(name, EntryId.ZERO)).containsExactly(9L);
            feed.reject(name, new EntryId(1, 9), "test", new byte[] {1});
        }
    }

    @Test
    void shouldFindAStreamWhoseSlotHasMoved() throws Exception {
        final String name = names.get(0);
        final RedisProcess from = cluster.masters().get(0);
        final RedisProcess to = cluster.masters().get(2);
        try (EventStream stream = streams.eventStream(name)) {
            stream.resync();
            append(stream, 1);
            beginMove(name, from, to);
            from.commands()
                    .migrate(
                            "127.0.0.1",
                            to.port(),
                            0,
                            5_000,
                            MigrateArgs.Builder.<String>key(name)
                                    .auth(RedisProcess.PASSWORD)
                                    .replace());
            // The former master answers ASK until the slot is the other's.
            assertThatThrownBy(() -> append(stream, 2)).isInstanceOf(StreamException.class);
            assertThatThrownBy(stream::resync).isInstanceOf(StreamException.class);

            endMove(name, from, to);

            final StreamState state = Await.success("the stream is found", stream::resync);
            assertThat(state.lastGenerated()).isEqualTo(new EntryId(1, 1));
            append(stream, 2);
            assertThat(Await.success("the feed finds it", () -> sequences(name, EntryId.ZERO)))
                    .containsExactly(1L, 2L);
            stream.remove();
        }
        beginMove(name, to, from);
        endMove(name, to, from);
    }

    private static void beginMove(final String name, final RedisProcess from, final RedisProcess to) {
        final int slot = SlotHash.getSlot(name);
        to.commands().clusterSetSlotImporting(slot, from.commands().clusterMyId());
        from.commands().clusterSetSlotMigrating(slot, to.commands().clusterMyId());
    }

    private static void endMove(final String name, final RedisProcess from, final RedisProcess to) {
        final String owner = to.commands().clusterMyId();
        to.commands().clusterSetSlotNode(SlotHash.getSlot(name), owner);
        from.commands().clusterSetSlotNode(SlotHash.getSlot(name), owner);
    }

    @Test
    void shouldCheckEveryMaster() {
        final RedisProcess last = cluster.masters().get(2);
        last.commands().configSet("maxmemory-policy", "allkeys-lru");
        try {
            assertThatThrownBy(() -> streams.check(SHORT))
                    .isInstanceOf(StartupException.class)
                    .hasMessageContaining(last.address())
                    .hasMessageContaining("maxmemory_policy 'allkeys-lru'");
        } finally {
            last.commands().configSet("maxmemory-policy", "noeviction");
        }
    }

    @Test
    void shouldSayHowAClusterIsToBeGiven() {
        final String address = cluster.masters().get(0).address();
        try (RedisStreams alone = RedisStreams.open(RedisOptions.of("redis://:test%2Fpassword@" + address))) {
            assertThatThrownBy(() -> alone.check(SHORT))
                    .isInstanceOf(StartupException.class)
                    .hasMessageContaining("redis_mode 'cluster'")
                    .hasMessageContaining("redis-cluster://host:port");
        }
        try (RedisStreams wrong = RedisStreams.open(RedisOptions.of("redis-cluster://" + address))) {
            assertThatThrownBy(() -> wrong.check(SHORT))
                    .isInstanceOf(StartupException.class)
                    .hasMessageContaining("NOAUTH");
        }
    }
}
