package io.millrace.storage.datapath;

import static io.millrace.storage.testing.PostgresExtension.rows;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.Range;
import io.millrace.pipeline.PipelineCounter;
import io.millrace.pipeline.event.EventLayout;
import io.millrace.pipeline.journal.Journal;
import io.millrace.pipeline.ship.Shipper;
import io.millrace.pipeline.testing.TestEvent;
import io.millrace.pipeline.window.DamageReport;
import io.millrace.storage.redis.RedisOptions;
import io.millrace.storage.redis.RedisStreams;
import io.millrace.storage.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.agrona.concurrent.CompositeAgent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A journal some of whose records fail their check: they are set aside and counted, the rest is stored. */
class DamagedJournalIT extends DataPathTests {
    private static final long NOW_MILLIS = 1_767_225_600_000L;
    private static final String STREAM = "millrace:events:{old-0}";

    private Path path;
    private RedisStreams streams;
    private Node node;

    @BeforeEach
    void fill() throws Exception {
        streams = RedisStreams.open(RedisOptions.of(REDIS.uri()));
        node = Node.amongOthers("n", folder(), streams, database());
        path = folder().resolve("old-0.journal");
        try (Journal journal = Journal.create(path, Journal.MIN_CAPACITY_BYTES, STREAM, UUID.randomUUID(), 1)) {
            for (int i = 1; i <= 20; i++) {
                TestEvent.commit(journal.writer(), List.of(event(2 * i - 1), event(2 * i)));
            }
        }
    }

    @AfterEach
    void close() {
        node.close();
        streams.close();
    }

    @Test
    void shouldSetAsideAndCountWhatIsDamagedInTheMiddle() throws Exception {
        damage(7);
        damage(21);

        drain();

        assertBooks(36, 4);
        assertRejected("user7.", "user21.");
    }

    @Test
    void shouldMissTheLastEventsToo() throws Exception {
        damage(5);
        damage(37);
        damage(39);

        drain();

        assertBooks(34, 6);
        assertRejected("user5.", "user37.", "user39.");
    }

    @Test
    void shouldMissThemAfterAStartThatCameToNothing() throws Exception {
        damage(39);
        Journal.open(path).close();

        drain();

        assertBooks(38, 2);
        assertRejected("user39.");
    }

    private void drain() throws Exception {
        try (Journal journal = Journal.open(path)) {
            assertThat(journal.intact()).isFalse();
            final Shipper shipper = new Shipper(
                    journal,
                    streams.eventStream(STREAM),
                    new Shipper.Settings(Shipper.Purpose.DRAIN, () -> Shipper.StoredSource.BOOKMARK, 1_000, 0, 0, 0),
                    System::nanoTime,
                    () -> {});
            final CompositeAgent agent = new CompositeAgent(
                    new DamageReport(journal, streams.eventFeed(), shipper.counters(), System::nanoTime), shipper);
            try {
                Await.until("the journal is drained", () -> {
                    agent.doWork();
                    node.step();
                    return shipper.state() == Shipper.State.DONE;
                });
            } finally {
                agent.onClose();
            }
            assertThat(shipper.counters().get(PipelineCounter.DAMAGED_RECORDS))
                    .isEqualTo(journal.damaged().size());
        }
        assertThat(path).doesNotExist();
        assertThat(Path.of(path + ".damaged-0")).exists();
    }

    private void assertBooks(final long counted, final long lost) throws Exception {
        assertThat(rows(
                        database(),
                        "SELECT last_event, counted, duplicates, poisoned, lost FROM stream_watermarks WHERE stream = '"
                                + STREAM + "'"))
                .containsExactly(List.of("40", Long.toString(counted), "0", "0", Long.toString(lost)));
        assertThat(rows(database(), "SELECT sum(count), max(count) FROM user_events"))
                .containsExactly(List.of(Long.toString(counted), "1"));
    }

    private void assertRejected(final String... users) {
        assertThat(REDIS.commands().xrange("millrace:rejected", Range.unbounded()))
                .hasSameSizeAs(users)
                .allSatisfy(entry -> {
                    assertThat(entry.getBody().get("stream")).isEqualTo(STREAM);
                    assertThat(entry.getBody().get("reason"))
                            .isEqualTo("journal record behind this event: it fails its check");
                })
                .extracting(entry -> entry.getBody().get("b"))
                .satisfies(contents -> {
                    for (int i = 0; i < users.length; i++) {
                        assertThat(contents.get(i)).contains(users[i]);
                    }
                });
    }

    /** Flips a bit in the timestamp of an event. */
    private void damage(final int event) throws IOException {
        final byte[] bytes = Files.readAllBytes(path);
        final int user = new String(bytes, ISO_8859_1).indexOf("user" + event + ".");
        bytes[user - EventLayout.HEADER_LENGTH] ^= 1;
        Files.write(path, bytes);
    }

    private static TestEvent event(final int number) {
        return new TestEvent(NOW_MILLIS, "user" + number + ".", "click", "e");
    }
}
