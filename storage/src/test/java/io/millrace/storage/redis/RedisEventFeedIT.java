package io.millrace.storage.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.Range;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XAddArgs;
import io.millrace.pipeline.ship.EntryId;
import io.millrace.pipeline.ship.EventStream;
import io.millrace.pipeline.ship.StreamException;
import io.millrace.pipeline.window.EventFeed;
import io.millrace.storage.testing.Await;
import io.millrace.storage.testing.RedisExtension;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(600)
final class RedisEventFeedIT {
    private static final String NAME = "millrace:events:{n1-0}";

    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    private final List<EntryId> ids = new ArrayList<>();
    private final List<byte[]> blocks = new ArrayList<>();
    private RedisStreams streams;
    private EventStream stream;
    private EventFeed feed;

    @BeforeEach
    void connect() {
        REDIS.commands().flushall();
        streams = RedisStreams.open(new RedisOptions(REDIS.uri(), Duration.ofSeconds(1), Duration.ofMillis(500), 1, 0));
        stream = streams.eventStream(NAME);
        feed = streams.eventFeed();
    }

    @AfterEach
    void close() {
        stream.close();
        feed.close();
        streams.close();
    }

    private int read(final EntryId after, final int maxEntries) throws StreamException {
        return feed.read(NAME, after, maxEntries, (generation, sequence, buffer, offset, length) -> {
            final byte[] block = length < 0 ? null : new byte[length];
            if (block != null) {
                buffer.getBytes(offset, block);
            }
            ids.add(new EntryId(generation, sequence));
            blocks.add(block);
        });
    }

    private void append(final long sequence, final byte[] block) throws StreamException {
        assertThat(stream.append(new EntryId(1, sequence), new UnsafeBuffer(block), 0, block.length))
                .isTrue();
    }

    private void append(final long sequence) throws StreamException {
        append(sequence, ("block " + sequence).getBytes(StandardCharsets.US_ASCII));
    }

    private static List<String> idsInRedis() {
        return REDIS.commands().xrange(NAME, Range.unbounded()).stream()
                .map(StreamMessage::getId)
                .toList();
    }

    @Test
    void shouldListStreams() throws StreamException {
        assertThat(feed.streams()).isEmpty();
        stream.resync();
        try (EventStream other = streams.eventStream("millrace:events:{n1-1}")) {
            other.resync();
        }
        assertThat(feed.streams()).containsExactlyInAnyOrder(NAME, "millrace:events:{n1-1}");
    }

    @Test
    void shouldReadAMissingStreamAsEmpty() throws StreamException {
        assertThat(read(EntryId.ZERO, 10)).isZero();
        stream.resync();
        assertThat(read(EntryId.ZERO, 10)).isZero();
        assertThat(ids).isEmpty();
    }

    @Test
    void shouldReadInOrderUpToTheBound() throws StreamException {
        stream.resync();
        for (long sequence = 1; sequence <= 50; sequence++) {
            append(sequence);
        }
        assertThat(read(new EntryId(1, 3), 40)).isEqualTo(40);
        assertThat(read(new EntryId(1, 43), 40)).isEqualTo(7);
        assertThat(read(new EntryId(1, 50), 40)).isZero();

        assertThat(ids).hasSize(47);
        for (int i = 0; i < ids.size(); i++) {
            assertThat(ids.get(i)).isEqualTo(new EntryId(1, i + 4));
            assertThat(blocks.get(i)).asString().isEqualTo("block " + (i + 4));
        }
    }

    @Test
    void shouldReadLargeBlocksOfAnyBytes() throws StreamException {
        final Random random = new Random(7);
        final List<byte[]> expected = new ArrayList<>();
        stream.resync();
        for (int i = 1; i <= 20; i++) {
            final byte[] block = new byte[i == 20 ? 0 : 1024 * 1024 - i];
            random.nextBytes(block);
            append(i, block);
            expected.add(block);
        }
        assertThat(read(EntryId.ZERO, 100)).isEqualTo(20);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(blocks.get(i)).isEqualTo(expected.get(i));
        }
    }

    @Test
    void shouldReportAnEntryWithoutBlock() throws StreamException {
        REDIS.commands().xadd(NAME, new XAddArgs().id("1-1"), Map.of("c", "x"));
        REDIS.commands().xadd(NAME, new XAddArgs().id("1-2"), "a", "b", "b", "right", "b", "wrong", "d", "");
        REDIS.commands().xadd(NAME, new XAddArgs().id("18446744073709551615-18446744073709551614"), Map.of("b", ""));

        assertThat(read(EntryId.ZERO, 10)).isEqualTo(3);
        assertThat(blocks.get(0)).isNull();
        assertThat(blocks.get(1)).asString().isEqualTo("right");
        assertThat(ids.get(2)).isEqualTo(new EntryId(-1, -2));
        assertThat(blocks.get(2)).isEmpty();
    }

    @Test
    void shouldPublishBookmarkAndTrimWhatItCovers() throws StreamException {
        stream.resync();
        for (long sequence = 10; sequence <= 2000; sequence += 10) {
            append(sequence);
        }
        feed.publish(NAME, new EntryId(1, 1980), new EntryId(1, 1980));

        assertThat(stream.bookmark()).isEqualTo(new EntryId(1, 1980));
        assertThat(idsInRedis()).containsExactly("1-1990", "1-2000");
        feed.publish(NAME, new EntryId(1, -1), new EntryId(1, -1));
        assertThat(idsInRedis()).isEmpty();
        assertThat(stream.resync().lastGenerated()).isEqualTo(new EntryId(1, 2000));
    }

    @Test
    void shouldLeaveAMissingStreamAlone() throws StreamException {
        feed.publish(NAME, new EntryId(1, 1), new EntryId(1, 1));
        assertThat(REDIS.commands().exists(NAME)).isZero();
    }

    @Test
    void shouldMakeABookmarkThatWasRemovedAgain() throws StreamException {
        stream.resync();
        append(1);
        append(2);
        append(3);
        feed.publish(NAME, new EntryId(1, 1), new EntryId(1, 1));
        REDIS.commands().xgroupDestroy(NAME, "millrace");

        feed.publish(NAME, new EntryId(1, 2), new EntryId(1, 2));

        assertThat(feed.bookmark(NAME)).isEqualTo(new EntryId(1, 2));
        assertThat(idsInRedis()).containsExactly("1-3");
    }

    @Test
    void shouldReportAPublishThatIsRefused() {
        REDIS.commands().set(NAME, "text");
        assertThatThrownBy(() -> feed.publish(NAME, new EntryId(1, 1), new EntryId(1, 1)))
                .isInstanceOf(StreamException.class)
                .hasMessageContaining("WRONGTYPE");
        assertThatThrownBy(() -> read(EntryId.ZERO, 1)).isInstanceOf(StreamException.class);
    }

    @Test
    void shouldSetRejectedEntriesAside() throws StreamException {
        final byte[] content = "what it held\r\n\0".getBytes(StandardCharsets.US_ASCII);
        feed.reject(NAME, new EntryId(3, 4), "22021 invalid byte", content);

        final List<StreamMessage<String, String>> rejected =
                REDIS.commands().xrange("millrace:rejected", Range.unbounded());
        assertThat(rejected).hasSize(1);
        assertThat(rejected.get(0).getBody())
                .containsExactly(
                        Map.entry("stream", NAME),
                        Map.entry("id", "3-4"),
                        Map.entry("reason", "22021 invalid byte"),
                        Map.entry("b", "what it held\r\n\0"));
    }

    @Test
    void shouldGoOnAfterRedisWasKilled() throws Exception {
        stream.resync();
        append(1);
        assertThat(read(EntryId.ZERO, 10)).isEqualTo(1);
        REDIS.kill();

        assertThat(Await.success("redis is back", () -> read(EntryId.ZERO, 10))).isEqualTo(1);
        assertThat(blocks.get(ids.size() - 1)).asString().isEqualTo("block 1");
    }

    @Test
    void shouldNotWaitForAStalledRedis() throws Exception {
        stream.resync();
        append(1);
        feed.streams();
        REDIS.pause();
        try {
            assertThatThrownBy(() -> read(EntryId.ZERO, 10)).isInstanceOf(StreamException.class);
            assertThatThrownBy(() -> feed.publish(NAME, EntryId.ZERO, EntryId.ZERO))
                    .isInstanceOf(StreamException.class);
        } finally {
            REDIS.resume();
        }
        assertThat(Await.success("redis answers", () -> read(EntryId.ZERO, 10))).isEqualTo(1);
    }
}
