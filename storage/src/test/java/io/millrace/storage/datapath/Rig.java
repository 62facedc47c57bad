package io.millrace.storage.datapath;

import io.millrace.pipeline.journal.Journal;
import io.millrace.pipeline.journal.JournalWriter;
import io.millrace.pipeline.ship.Shipper;
import io.millrace.pipeline.ship.Shipper.StoredSource;
import io.millrace.pipeline.testing.TestEvent;
import io.millrace.pipeline.window.Aggregator;
import io.millrace.pipeline.window.FlushBatch;
import io.millrace.storage.postgres.PostgresSettings;
import io.millrace.storage.postgres.PostgresWindowStore;
import io.millrace.storage.redis.RedisStreams;
import io.millrace.storage.testing.Await;
import io.millrace.storage.testing.PostgresExtension;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/**
 * Journals with their shippers, and aggregators, all stepped by one thread against real stores. Time passes with each round,
 * two seconds unless told otherwise, so that backing off, flushing and looking for streams need no waiting.
 */
final class Rig implements AutoCloseable {
    static final int CAPACITY = Journal.MIN_CAPACITY_BYTES;
    static final long GENERATION = 7;

    private static final int BLOCK_BYTES = 1_000;
    private static final long NOW_MILLIS = 1_767_225_600_000L;

    private final Path folder;
    private final RedisStreams streams;
    private final Duration keep;
    private final List<Lane> lanes = new ArrayList<>();
    private final List<Aggregator> aggregators = new ArrayList<>();
    private PostgresSettings database;
    private long roundNanos = Duration.ofSeconds(2).toNanos();
    private long nowNanos;
    private long events;

    /**
     * Makes it without any part.
     *
     * @param folder of the journals
     * @param streams closed with the rig
     */
    Rig(final Path folder, final RedisStreams streams, final PostgresSettings database, final Duration keep) {
        this.folder = folder;
        this.streams = streams;
        this.database = database;
        this.keep = keep;
    }

    /** Adds a journal of a node, with its shipper. Its aggregators are other processes, as far as it knows. */
    Lane lane(final String node) throws IOException {
        final String stream = "millrace:events:{" + node + "-0}";
        final Journal journal =
                Journal.create(folder.resolve(node + "-0.journal"), CAPACITY, stream, UUID.randomUUID(), GENERATION);
        final Shipper.Settings settings = new Shipper.Settings(
                Shipper.Purpose.LIVE, () -> StoredSource.BOOKMARK, BLOCK_BYTES, 0, 0, keep.toNanos());
        final Lane lane = new Lane(
                journal,
                new Shipper(journal, streams.eventStream(stream), settings, () -> nowNanos, () -> {}),
                new ArrayList<>());
        lanes.add(lane);
        return lane;
    }

    /** Adds an aggregator, at the database of now. */
    Aggregator aggregator() {
        final Aggregator aggregator = new Aggregator(
                streams.eventFeed(),
                new PostgresWindowStore(database, Duration.ofMinutes(10)),
                new FlushBatch(10_000, 1, FlushBatch.EventIds.COMPARED),
                stream -> null,
                Duration.ofSeconds(1).toNanos(),
                keep.toNanos(),
                () -> nowNanos,
                () -> {});
        aggregators.add(aggregator);
        return aggregator;
    }

    /** Ends an aggregator, in order. */
    void close(final Aggregator aggregator) {
        aggregators.remove(aggregator);
        aggregator.onClose();
    }

    /** Aggregators added from now on have this database. */
    void database(final PostgresSettings database) {
        this.database = database;
    }

    /** Commits events to the lane's journal, each of a user of its own and a record of its own. */
    void commit(final Lane lane, final int count) {
        for (int i = 0; i < count; i++) {
            final String user = "user" + events++;
            final TestEvent event = new TestEvent(NOW_MILLIS + events, user, "click", "e");
            if (TestEvent.commit(lane.journal.writer(), List.of(event)) == JournalWriter.FULL) {
                throw new AssertionError("the journal is full");
            }
            lane.users.add(user);
        }
    }

    /** Steps all shippers and aggregators. */
    void step(final int rounds) {
        for (int i = 0; i < rounds; i++) {
            nowNanos += roundNanos;
            lanes.forEach(lane -> lane.shipper.doWork());
            aggregators.forEach(Aggregator::doWork);
        }
    }

    void stepUntil(final String what, final Callable<Boolean> condition) throws Exception {
        Await.until(what, () -> {
            step(1);
            return condition.call();
        });
    }

    /** Steps the shippers only. */
    void shipUntil(final String what, final Callable<Boolean> condition) throws Exception {
        Await.until(what, () -> {
            nowNanos += roundNanos;
            lanes.forEach(lane -> lane.shipper.doWork());
            return condition.call();
        });
    }

    void shipUntilStreamed() throws Exception {
        shipUntil("all is streamed", () -> lanes.stream().allMatch(Lane::isStreamed));
    }

    /** Steps until the shippers have heard that all is stored, and what follows from that is done. */
    void stepUntilStored() throws Exception {
        stepUntil("every event is stored", () -> lanes.stream().allMatch(Lane::isStored));
        step(3);
    }

    /** From now on a round takes so long. */
    void round(final Duration time) {
        roundNanos = time.toNanos();
    }

    void pass(final Duration time) {
        nowNanos += time.toNanos();
    }

    /** What the window store has of each user. */
    Map<String, Long> storedUsers() throws Exception {
        return PostgresExtension.rows(database, "SELECT user_id, sum(count) FROM user_events GROUP BY user_id").stream()
                .collect(Collectors.toMap(row -> row.get(0), row -> Long.valueOf(row.get(1))));
    }

    /** What it should have, if nothing was lost or doubled. */
    Map<String, Long> committedUsers() {
        return lanes.stream().flatMap(lane -> lane.users.stream()).collect(Collectors.toMap(user -> user, user -> 1L));
    }

    long lost() throws Exception {
        return PostgresExtension.number(database, "SELECT sum(lost) FROM stream_watermarks");
    }

    @Override
    public void close() {
        aggregators.forEach(Aggregator::onClose);
        for (final Lane lane : lanes) {
            lane.shipper.onClose();
            lane.journal.close();
        }
        streams.close();
    }

    /**
     * One journal and its shipper.
     *
     * @param users of the events committed so far
     */
    record Lane(Journal journal, Shipper shipper, List<String> users) {
        String stream() {
            return journal.stream();
        }

        boolean isStreamed() {
            return journal.progress().streamed() == users.size();
        }

        boolean isStored() {
            return journal.progress().stored() == users.size();
        }
    }
}
