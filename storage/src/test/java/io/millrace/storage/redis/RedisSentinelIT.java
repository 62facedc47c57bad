package io.millrace.storage.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.pipeline.ship.EntryId;
import io.millrace.pipeline.ship.EventStream;
import io.millrace.pipeline.ship.StreamException;
import io.millrace.pipeline.ship.StreamState;
import io.millrace.pipeline.ship.UnconfirmedException;
import io.millrace.pipeline.window.EventFeed;
import io.millrace.storage.StartupException;
import io.millrace.storage.testing.Await;
import io.millrace.storage.testing.RedisSentinelServers;
import java.time.Duration;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(600)
final class RedisSentinelIT {
    private static final String NAME = "millrace:events:{n1-0}";
    private static final Duration SHORT = Duration.ofMillis(300);

    private RedisSentinelServers servers;

    @BeforeEach
    void start() throws Exception {
        servers = RedisSentinelServers.start();
    }

    @AfterEach
    void stop() throws Exception {
        servers.close();
    }

    private RedisStreams open(final int waitReplicas) {
        return RedisStreams.open(
                new RedisOptions(servers.uri(), Duration.ofSeconds(2), Duration.ofSeconds(2), 1, waitReplicas));
    }

    private static boolean append(final EventStream stream, final long sequence) throws StreamException {
        final byte[] block = {(byte) sequence};
        return stream.append(new EntryId(1, sequence), new UnsafeBuffer(block), 0, block.length);
    }

    private void check(final String uri) {
        try (RedisStreams streams = RedisStreams.open(RedisOptions.of(uri))) {
            streams.check(SHORT);
        }
    }

    @Test
    void shouldGoOnAtTheReplicaThatTookTheMastersPlace() throws Exception {
        try (RedisStreams streams = open(0);
                EventStream stream = streams.eventStream(NAME);
                EventFeed feed = streams.eventFeed()) {
            streams.check(SHORT);
            assertThat(stream.resync()).isEqualTo(new StreamState(EntryId.ZERO, EntryId.ZERO, false));
            append(stream, 1);
            assertThat(feed.last(NAME)).isEqualTo(new EntryId(1, 1));

            servers.master().kill();
            assertThatThrownBy(() -> append(stream, 2)).isInstanceOf(StreamException.class);
            servers.awaitFailover();

            final StreamState state = Await.success("the stream is found", stream::resync);
            assertThat(state.lastGenerated()).isEqualTo(new EntryId(1, 1));
            append(stream, 2);
            assertThat(Await.success("the feed finds it", () -> feed.last(NAME)))
                    .isEqualTo(new EntryId(1, 2));

            // It comes back as a master, until the Sentinels tell it better: it must not be used as one.
            servers.master().restart();
            Await.until("it is a replica", () -> servers.master().info("role").equals("slave"));
            assertThat(stream.resync().lastGenerated()).isEqualTo(new EntryId(1, 2));
            assertThat(append(stream, 3)).isTrue();
        }
    }

    @Test
    void shouldNoticeThatTheMasterItReadsFromIsNoneAnyMore() throws Exception {
        try (RedisStreams streams = open(0);
                EventStream stream = streams.eventStream(NAME);
                EventFeed feed = streams.eventFeed()) {
            stream.resync();
            append(stream, 1);
            assertThat(feed.last(NAME)).isEqualTo(new EntryId(1, 1));

            servers.failOver();
            servers.awaitFailover();
            Await.success("the stream is found", stream::resync);
            append(stream, 2);

            Await.until("the feed follows", () -> feed.last(NAME).equals(new EntryId(1, 2)));
            feed.publish(NAME, new EntryId(1, 1), new EntryId(1, 1));
            assertThat(servers.replica().commands().xlen(NAME)).isEqualTo(1);
        }
    }

    @Test
    void shouldCountAsAppendedOnlyWhatReplicasConfirm() throws Exception {
        try (RedisStreams streams = open(1);
                EventStream stream = streams.eventStream(NAME)) {
            streams.check(SHORT);
            assertThat(stream.resync())
                    .as("durable, since the replica has it too")
                    .isEqualTo(new StreamState(EntryId.ZERO, EntryId.ZERO, true));
            assertThat(append(stream, 1)).isTrue();
            assertThat(servers.replica().commands().xlen(NAME)).isEqualTo(1);

            servers.replica().lag();
            assertThatThrownBy(() -> append(stream, 2))
                    .isInstanceOf(UnconfirmedException.class)
                    .hasMessageContaining("0 of 1 replicas");
            assertThat(servers.master().commands().xlen(NAME)).isEqualTo(2);
            assertThatThrownBy(() -> append(stream, 3)).hasMessageContaining("resync first");
            assertThatThrownBy(stream::resync).isInstanceOf(UnconfirmedException.class);

            servers.replica().follow();
            final StreamState state = Await.success("the replica confirms", stream::resync);
            assertThat(state.lastGenerated()).isEqualTo(new EntryId(1, 2));
            assertThat(servers.replica().commands().xlen(NAME)).isEqualTo(2);
            assertThat(append(stream, 3)).isTrue();
        }
    }

    @Test
    void shouldAskTheNextSentinelWhenOneIsGone() throws Exception {
        servers.sentinels().get(0).kill();
        servers.sentinels().get(1).kill();
        try (RedisStreams streams = open(0);
                EventStream stream = streams.eventStream(NAME)) {
            streams.check(Duration.ofSeconds(5));
            stream.resync();
            assertThat(append(stream, 1)).isTrue();
            servers.sentinels().get(2).kill();
            assertThat(append(stream, 2))
                    .as("over the connection that there is")
                    .isTrue();
            // What the last one had only just told is believed for a moment.
            Await.until("nobody tells", () -> {
                try {
                    stream.resync();
                    return false;
                } catch (final StreamException e) {
                    return e.getMessage().contains("no Sentinel tells");
                }
            });
        }
    }

    @Test
    void shouldNotCallDurableWhatAReplicaMayNotHaveOrWhatMayBeEvicted() throws Exception {
        try (RedisStreams streams = open(1);
                EventStream stream = streams.eventStream(NAME)) {
            servers.master().commands().configSet("maxmemory-policy", "allkeys-lru");
            assertThat(stream.resync().durable()).isFalse();
            servers.master().commands().configSet("maxmemory-policy", "noeviction");
            assertThat(stream.resync().durable()).isTrue();
        }
    }

    @Test
    void shouldSayWhatIsWrongWithTheAddress() {
        assertThatCode(() -> check(servers.uri())).doesNotThrowAnyException();
        final String password = RedisSentinelServers.encoded();
        final String data = "redis-sentinel://:" + password + '@';
        assertThatThrownBy(() -> check(data + servers.addresses() + '#' + RedisSentinelServers.NAME))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("NOAUTH")
                .hasMessageContaining("sentinelPassword=");
        assertThatThrownBy(() -> check(data + servers.addresses() + "?sentinelPassword=" + password + "#other"))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("watches no master named other");
        assertThatThrownBy(() -> check(data + servers.master().address() + "?sentinelPassword=" + password + "#mill"))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("redis_mode 'standalone'")
                .hasMessageContaining("redis://host:port");
        assertThatThrownBy(() -> check("redis://:" + password + '@'
                        + servers.sentinels().get(0).address()))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("redis_mode 'sentinel'")
                .hasMessageContaining("redis-sentinel://");
        assertThatThrownBy(() -> check(
                        "redis-cluster://:" + password + '@' + servers.master().address()))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("redis_mode 'standalone'");
    }
}
