package io.millrace.storage.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.protocol.CommandType;
import io.millrace.pipeline.ship.EntryId;
import io.millrace.pipeline.ship.EventStream;
import io.millrace.pipeline.ship.StreamException;
import io.millrace.pipeline.ship.StreamState;
import io.millrace.storage.testing.Await;
import io.millrace.storage.testing.RedisExtension;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(600)
final class RedisEventStreamIT {
    private static final String NAME = "millrace:events:{n1-0}";
    private static final int MIB = 1024 * 1024;

    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    private RedisStreams streams;
    private EventStream stream;

    @BeforeEach
    void connect() {
        REDIS.commands().flushall();
        streams = RedisStreams.open(new RedisOptions(REDIS.uri(), Duration.ofSeconds(1), Duration.ofMillis(500), 1, 0));
        stream = streams.eventStream(NAME);
    }

    @AfterEach
    void close() {
        stream.close();
        streams.close();
    }

    private boolean append(final long generation, final long sequence, final byte[] block) throws StreamException {
        return stream.append(new EntryId(generation, sequence), new UnsafeBuffer(block), 0, block.length);
    }

    @Test
    void shouldMakeStreamGroupAndListing() throws StreamException {
        assertThat(stream.resync()).isEqualTo(new StreamState(EntryId.ZERO, EntryId.ZERO, true));

        assertThat(REDIS.commands().smembers("millrace:streams")).containsExactly(NAME);
        assertThat(stream.bookmark()).isEqualTo(EntryId.ZERO);
        assertThat(stream.resync()).isEqualTo(new StreamState(EntryId.ZERO, EntryId.ZERO, true));
    }

    @Test
    void shouldTellLastIdAndBookmarkOfTrimmedStream() throws StreamException {
        stream.resync();
        append(3, 10, new byte[MIB]);
        append(3, 25, new byte[MIB]);
        append(4, 26, new byte[] {1});
        REDIS.commands().xgroupSetid(StreamOffset.from(NAME, "3-25"), "millrace");

        assertThat(stream.resync()).isEqualTo(new StreamState(new EntryId(4, 26), new EntryId(3, 25), true));
        REDIS.commands().xtrim(NAME, 0);
        assertThat(stream.resync()).isEqualTo(new StreamState(new EntryId(4, 26), new EntryId(3, 25), true));
        assertThat(stream.bookmark()).isEqualTo(new EntryId(3, 25));
    }

    @Test
    void shouldTellIdsAboveTheSignedRange() throws StreamException {
        stream.resync();
        assertThat(append(-2, -3, new byte[] {1})).isTrue();
        assertThat(stream.resync().lastGenerated()).isEqualTo(new EntryId(-2, -3));
    }

    @Test
    void shouldAppendAnyBytesFromAnyMemory() throws StreamException {
        final byte[] random = new byte[MIB + 13];
        new Random(42).nextBytes(random);
        final UnsafeBuffer direct = new UnsafeBuffer(ByteBuffer.allocateDirect(random.length));
        direct.putBytes(0, random);

        stream.resync();
        assertThat(stream.append(new EntryId(1, 1), new UnsafeBuffer(random), 13, MIB))
                .isTrue();
        assertThat(stream.append(new EntryId(1, 2), direct, 13, MIB)).isTrue();
        assertThat(stream.append(new EntryId(1, 3), withoutByteBuffer(direct), 13, MIB))
                .isTrue();
        assertThat(stream.append(new EntryId(1, 4), direct, 0, 0)).isTrue();

        final byte[] expected = Arrays.copyOfRange(random, 13, random.length);
        final List<byte[]> stored = blocks();
        assertThat(stored).hasSize(4);
        assertThat(stored.get(0)).isEqualTo(expected);
        assertThat(stored.get(1)).isEqualTo(expected);
        assertThat(stored.get(2)).isEqualTo(expected);
        assertThat(stored.get(3)).isEmpty();
    }

    /** As a mapped journal larger than a ByteBuffer gives it: an address, no buffer behind it. */
    private static DirectBuffer withoutByteBuffer(final UnsafeBuffer direct) {
        return new UnsafeBuffer(direct.addressOffset(), direct.capacity());
    }

    private static List<byte[]> blocks() {
        final RedisClient client = RedisClient.create(REDIS.uri());
        try (StatefulRedisConnection<String, byte[]> connection =
                client.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE))) {
            final List<StreamMessage<String, byte[]>> messages =
                    connection.sync().xrange(NAME, Range.unbounded());
            return messages.stream().map(message -> message.getBody().get("b")).toList();
        } finally {
            client.shutdown();
        }
    }

    @Test
    void shouldReturnFalseWhenTheStreamVanished() throws StreamException {
        stream.resync();
        assertThat(append(1, 1, new byte[] {1})).isTrue();
        REDIS.commands().flushall();

        assertThat(append(1, 2, new byte[] {2})).isFalse();
        assertThat(REDIS.commands().exists(NAME)).isZero();

        assertThat(stream.resync().lastGenerated()).isEqualTo(EntryId.ZERO);
        assertThat(append(1, 1, new byte[] {1})).isTrue();
    }

    @Test
    void shouldMakeOnlyWhatIsMissing() throws StreamException {
        stream.resync();
        append(1, 5, new byte[] {1});
        REDIS.commands().xgroupDestroy(NAME, "millrace");
        REDIS.commands().del("millrace:streams");

        assertThat(stream.resync()).isEqualTo(new StreamState(new EntryId(1, 5), EntryId.ZERO, true));
        assertThat(REDIS.commands().smembers("millrace:streams")).containsExactly(NAME);
    }

    @Test
    void shouldRefuseToAppendBeforeResync() throws StreamException {
        assertThatThrownBy(() -> append(1, 1, new byte[] {1}))
                .isInstanceOf(StreamException.class)
                .hasMessageContaining("resync first");
        stream.resync();
        assertThat(append(1, 1, new byte[] {1})).isTrue();
    }

    @Test
    void shouldReportAnIdThatIsNotAboveTheLast() throws StreamException {
        stream.resync();
        append(1, 5, new byte[] {1});

        assertThatThrownBy(() -> append(1, 5, new byte[] {1}))
                .isInstanceOf(StreamException.class)
                .hasMessageContaining("append of 1-5");
        assertThatThrownBy(() -> append(1, 6, new byte[] {1})).hasMessageContaining("resync first");
        assertThat(stream.resync().lastGenerated()).isEqualTo(new EntryId(1, 5));
    }

    @Test
    void shouldReportAKeyOfAnotherType() {
        REDIS.commands().set(NAME, "text");
        assertThatThrownBy(stream::resync).isInstanceOf(StreamException.class).hasMessageContaining("WRONGTYPE");
    }

    @Test
    void shouldNotCallAStreamDurableThatIsNot() throws StreamException {
        REDIS.commands().configSet("appendfsync", "everysec");
        try {
            assertThat(stream.resync().durable()).isFalse();
        } finally {
            REDIS.commands().configSet("appendfsync", "always");
        }
        assertThat(stream.resync().durable()).isTrue();
    }

    @Test
    void shouldBeOfTheFirstJournalThatClaimsIt() throws StreamException {
        stream.resync();
        // Greater than any positive number, as a random one may be.
        assertThat(stream.claim(-7)).isTrue();
        assertThat(stream.claim(-7)).isTrue();
        assertThat(stream.claim(8)).isFalse();

        REDIS.commands().flushall();
        assertThatThrownBy(() -> stream.claim(8)).isInstanceOf(StreamException.class);
        stream.resync();
        assertThat(stream.claim(8)).isTrue();
        assertThat(stream.claim(-7)).isFalse();
    }

    @Test
    void shouldWorkWhereConfigIsForbidden() throws StreamException {
        REDIS.commands()
                .aclSetuser(
                        "guest",
                        AclSetuserArgs.Builder.on()
                                .addPassword("secret")
                                .allCommands()
                                .allKeys()
                                .removeCommand(CommandType.CONFIG));
        final String uri = "redis://guest:secret@127.0.0.1:" + REDIS.port();
        try (RedisStreams asGuest = RedisStreams.open(RedisOptions.of(uri));
                EventStream forGuest = asGuest.eventStream(NAME)) {
            assertThat(forGuest.resync()).isEqualTo(new StreamState(EntryId.ZERO, EntryId.ZERO, false));
        }
    }

    @Test
    void shouldGoOnAfterRedisWasKilled() throws Exception {
        stream.resync();
        assertThat(append(1, 1, new byte[] {1})).isTrue();
        REDIS.kill();

        assertThatThrownBy(() -> append(1, 2, new byte[] {2})).isInstanceOf(StreamException.class);
        final StreamState state = Await.success("redis is back", stream::resync);
        assertThat(state).isEqualTo(new StreamState(new EntryId(1, 1), EntryId.ZERO, true));
        assertThat(append(1, 2, new byte[] {2})).isTrue();
    }

    @Test
    void shouldNotWaitForAStalledRedis() throws Exception {
        stream.resync();
        REDIS.pause();
        try {
            assertThatThrownBy(() -> append(1, 1, new byte[MIB]))
                    .isInstanceOf(StreamException.class)
                    .hasMessageContaining("no answer within 500 ms");
            assertThatThrownBy(stream::bookmark).isInstanceOf(StreamException.class);
            assertThatThrownBy(stream::resync).isInstanceOf(StreamException.class);
        } finally {
            REDIS.resume();
        }
        Await.success("redis answers", stream::resync);
        assertThat(append(1, 2, new byte[] {2})).isTrue();
    }

    @Test
    void shouldRemoveTheStream() throws StreamException {
        stream.resync();
        append(1, 1, new byte[] {1});
        stream.remove();

        assertThat(REDIS.commands().exists(NAME)).isZero();
        assertThat(REDIS.commands().smembers("millrace:streams")).isEmpty();
        stream.remove();
        assertThatThrownBy(stream::bookmark).isInstanceOf(StreamException.class);
    }

    @Test
    void shouldFailCallsAfterClose() throws StreamException {
        stream.resync();
        streams.close();
        assertThatThrownBy(() -> append(1, 1, new byte[] {1})).isInstanceOf(StreamException.class);
        assertThatThrownBy(stream::resync).isInstanceOf(StreamException.class).hasMessageContaining("closed");
    }
}
