package io.millrace.storage.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.pipeline.Progress;
import io.millrace.pipeline.journal.Journal;
import io.millrace.pipeline.journal.JournalWriter;
import io.millrace.pipeline.ship.Shipper;
import io.millrace.pipeline.ship.Shipper.StoredSource;
import io.millrace.pipeline.testing.TestEvent;
import io.millrace.pipeline.window.Aggregator;
import io.millrace.pipeline.window.FlushBatch;
import io.millrace.pipeline.window.FlushBatch.EventIds;
import io.millrace.storage.postgres.PostgresSettings;
import io.millrace.storage.postgres.PostgresWindowStore;
import io.millrace.storage.redis.RedisStreams;
import io.millrace.storage.testing.Await;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;

/** The stages of one server, from the journals of its loops to the tables, stepped by hand. Time passes with each step. */
final class Node implements AutoCloseable {
    static final Duration DEDUP_WINDOW = Duration.ofMinutes(10);

    /**
     * More than twice what a test sends. A journal that is half full frees what only Redis has then: FLUSHALL while PostgreSQL
     * recovers would lose it, and rightly.
     */
    private static final int CAPACITY_BYTES = 4 * Journal.MIN_CAPACITY_BYTES;

    private static final int BLOCK_BYTES = 1_000;
    private static final Duration STEP = Duration.ofSeconds(2);

    private final RedisStreams streams;
    private final PostgresSettings database;
    private final List<Journal> journals = new ArrayList<>();
    private final List<Shipper> shippers = new ArrayList<>();
    private final StoredSource storedSource;
    private Aggregator aggregator;
    private long nowNanos;

    /** Makes the only node, with new journals in a folder. */
    static Node alone(final int loops, final Path folder, final RedisStreams streams, final PostgresSettings database)
            throws IOException {
        return new Node("n", loops, folder, streams, database, StoredSource.IN_PROCESS);
    }

    /** Makes one of several nodes: the aggregator of any may own the streams of any. */
    static Node amongOthers(
            final String name, final Path folder, final RedisStreams streams, final PostgresSettings database)
            throws IOException {
        return new Node(name, 1, folder, streams, database, StoredSource.BOOKMARK);
    }

    private Node(
            final String name,
            final int loops,
            final Path folder,
            final RedisStreams streams,
            final PostgresSettings database,
            final StoredSource storedSource)
            throws IOException {
        this.storedSource = storedSource;
        this.streams = streams;
        this.database = database;
        for (int loop = 0; loop < loops; loop++) {
            final String stream = "millrace:events:{" + name + '-' + loop + '}';
            final Path path = folder.resolve(name + '-' + loop + ".journal");
            final Journal journal = Journal.create(path, CAPACITY_BYTES, stream, UUID.randomUUID(), 1);
            journals.add(journal);
            shippers.add(new Shipper(
                    journal,
                    streams.eventStream(stream),
                    new Shipper.Settings(Shipper.Purpose.LIVE, () -> storedSource, BLOCK_BYTES, 0, 0, 0),
                    () -> nowNanos,
                    () -> {}));
        }
        startAggregator();
    }

    /** Ends the aggregator, and with it its session, and starts another one. */
    void restartAggregator() {
        aggregator.onClose();
        startAggregator();
    }

    private void startAggregator() {
        aggregator = new Aggregator(
                streams.eventFeed(),
                new PostgresWindowStore(database, DEDUP_WINDOW),
                new FlushBatch(10_000, 1, EventIds.COMPARED),
                this::localProgress,
                Duration.ofSeconds(1).toNanos(),
                0,
                () -> nowNanos,
                () -> {});
    }

    private Progress localProgress(final String stream) {
        for (final Journal journal : journals) {
            if (storedSource == StoredSource.IN_PROCESS && journal.stream().equals(stream)) {
                return journal.progress();
            }
        }
        return null;
    }

    Journal journal(final int loop) {
        return journals.get(loop);
    }

    Aggregator aggregator() {
        return aggregator;
    }

    /** Commits each event as a record of its own. */
    void commit(final int loop, final TestEvent... events) {
        for (final TestEvent event : events) {
            assertThat(TestEvent.commit(journals.get(loop).writer(), List.of(event)))
                    .isNotEqualTo(JournalWriter.FULL);
        }
    }

    void step() {
        step(STEP);
    }

    void step(final Duration passed) {
        nowNanos += passed.toNanos();
        shippers.forEach(Shipper::doWork);
        aggregator.doWork();
    }

    /** Steps the shippers alone: they belong to the thread that first stepped them. */
    void shipUntilStreamed() throws Exception {
        Await.until("all is streamed", () -> {
            nowNanos += STEP.toNanos();
            shippers.forEach(Shipper::doWork);
            return journals.stream()
                    .allMatch(journal ->
                            journal.progress().streamed() == journal.progress().accepted());
        });
    }

    /** Steps the aggregator alone, which another thread than the shippers' may do. */
    void aggregateUntil(final String what, final Callable<Boolean> condition) throws Exception {
        Await.until(what, () -> {
            nowNanos += STEP.toNanos();
            aggregator.doWork();
            return condition.call();
        });
    }

    void step(final int times) {
        for (int i = 0; i < times; i++) {
            step();
        }
    }

    void stepUntil(final String what, final Callable<Boolean> condition) throws Exception {
        Await.until(what, () -> {
            step();
            return condition.call();
        });
    }

    void stepUntilStored() throws Exception {
        stepUntil("all is stored", this::isStored);
    }

    boolean isStored() {
        return journals.stream()
                .allMatch(journal ->
                        journal.progress().stored() == journal.progress().accepted());
    }

    @Override
    public void close() {
        shippers.forEach(Shipper::onClose);
        aggregator.onClose();
        journals.forEach(Journal::close);
    }
}
