package io.millrace.storage.datapath;

import io.millrace.pipeline.journal.Journal;
import io.millrace.pipeline.journal.JournalWriter;
import io.millrace.pipeline.ship.Shipper;
import io.millrace.pipeline.testing.TestEvent;
import io.millrace.pipeline.window.Aggregator;
import io.millrace.pipeline.window.FlushBatch;
import io.millrace.storage.postgres.PostgresSettings;
import io.millrace.storage.postgres.PostgresWindowStore;
import io.millrace.storage.redis.RedisStreams;
import io.millrace.storage.testing.Await;
import io.millrace.storage.testing.PostgresExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * One journal with its shipper and its aggregator, of one process, each of which a test may step alone, replace or end. Two seconds
 * pass with each step, so that backing off, flushing and looking for streams need no waiting. {@link Rig} has several.
 */
final class Line implements AutoCloseable {
    static final int CAPACITY = Journal.MIN_CAPACITY_BYTES;
    static final long GENERATION = 7;

    private static final int BLOCK_BYTES = 1_000;
    private static final long NOW_MILLIS = 1_767_225_600_000L;
    private static final String STREAM = "millrace:events:{n-0}";
    private static final Duration STEP = Duration.ofSeconds(2);

    private final UUID bootId = UUID.randomUUID();
    private final RedisStreams streams;
    private final PostgresSettings database;
    private Journal journal;
    private Shipper shipper;
    private Aggregator aggregator;
    private long nowNanos;
    private long events;

    /**
     * Makes it, with a new schema.
     *
     * @param folder of the journal
     * @param streams closed with it
     */
    Line(final Path folder, final RedisStreams streams, final PostgresSettings database) throws IOException {
        this.streams = streams;
        this.database = database;
        journal = Journal.create(folder.resolve("n-0.journal"), CAPACITY, STREAM, bootId, GENERATION);
        shipper = newShipper(Shipper.Purpose.LIVE, Shipper.StoredSource.IN_PROCESS, Duration.ZERO);
        startAggregator();
    }

    Journal journal() {
        return journal;
    }

    Shipper shipper() {
        return shipper;
    }

    Aggregator aggregator() {
        return aggregator;
    }

    PostgresSettings database() {
        return database;
    }

    String stream() {
        return STREAM;
    }

    /** Of the boot under which the journal was made. */
    UUID bootId() {
        return bootId;
    }

    /** Begins anew with a shipper that lets what follows a small block linger so long. */
    void linger(final Duration time) {
        shipper.onClose();
        shipper = newShipper(Shipper.Purpose.LIVE, Shipper.StoredSource.IN_PROCESS, time);
    }

    /** Begins anew with a shipper that only drains. */
    void drain() {
        shipper.onClose();
        shipper = newShipper(Shipper.Purpose.DRAIN, Shipper.StoredSource.IN_PROCESS, Duration.ZERO);
    }

    /** Puts another file in the journal's place, opens it under that boot, and only drains it. */
    void drain(final Path file, final UUID boot) throws IOException {
        final Path path = journal.path();
        shipper.onClose();
        journal.close();
        Files.move(file, path, StandardCopyOption.REPLACE_EXISTING);
        journal = Journal.open(path, boot);
        shipper = newShipper(Shipper.Purpose.DRAIN, Shipper.StoredSource.IN_PROCESS, Duration.ZERO);
    }

    /** Begins anew with a shipper and an aggregator that might be of two processes: each knows of the other by the stores. */
    void share() {
        shipper.onClose();
        shipper = newShipper(Shipper.Purpose.LIVE, Shipper.StoredSource.BOOKMARK, Duration.ZERO);
        aggregator.onClose();
        aggregator = newAggregator(Shipper.StoredSource.BOOKMARK);
    }

    /** Opens the journal again, with another shipper. */
    void reopenJournal() throws IOException {
        final Path path = journal.path();
        shipper.onClose();
        journal.close();
        journal = Journal.open(path);
        shipper = newShipper(Shipper.Purpose.LIVE, Shipper.StoredSource.IN_PROCESS, Duration.ZERO);
    }

    /** Begins with a new journal of the same name, as after the loss of a data folder. */
    void beginAnotherJournal() throws IOException {
        final Path path = journal.path().resolveSibling("another.journal");
        shipper.onClose();
        journal.close();
        journal = Journal.create(path, CAPACITY, STREAM, bootId, GENERATION + 1);
        shipper = newShipper(Shipper.Purpose.LIVE, Shipper.StoredSource.IN_PROCESS, Duration.ZERO);
    }

    /** Begins with another aggregator; the former one has ended. */
    void startAggregator() {
        aggregator = newAggregator(Shipper.StoredSource.IN_PROCESS);
    }

    private Shipper newShipper(
            final Shipper.Purpose purpose, final Shipper.StoredSource storedSource, final Duration linger) {
        return new Shipper(
                journal,
                streams.eventStream(STREAM),
                new Shipper.Settings(purpose, () -> storedSource, BLOCK_BYTES, linger.toNanos(), 0, 0),
                () -> nowNanos,
                () -> {});
    }

    private Aggregator newAggregator(final Shipper.StoredSource storedSource) {
        return new Aggregator(
                streams.eventFeed(),
                new PostgresWindowStore(database, Duration.ofMinutes(10)),
                new FlushBatch(10_000, 1, FlushBatch.EventIds.COMPARED),
                stream -> storedSource == Shipper.StoredSource.IN_PROCESS ? journal.progress() : null,
                Duration.ofSeconds(1).toNanos(),
                0,
                () -> nowNanos,
                () -> {});
    }

    /** Commits events, each of a user of its own and a record of its own. */
    void commit(final int count) {
        for (int i = 0; i < count; i++) {
            events++;
            final TestEvent event = new TestEvent(NOW_MILLIS + events, "user" + events, "click", "e");
            if (TestEvent.commit(journal.writer(), List.of(event)) == JournalWriter.FULL) {
                throw new AssertionError("the journal is full");
            }
        }
    }

    void pass(final Duration time) {
        nowNanos += time.toNanos();
    }

    void ship(final int steps) {
        step(() -> shipper.doWork(), steps);
    }

    void aggregate(final int steps) {
        step(() -> aggregator.doWork(), steps);
    }

    void step(final int steps) {
        step(this::stepBoth, steps);
    }

    private void stepBoth() {
        shipper.doWork();
        aggregator.doWork();
    }

    private void step(final Runnable work, final int steps) {
        for (int i = 0; i < steps; i++) {
            pass(STEP);
            work.run();
        }
    }

    void shipUntil(final String what, final Callable<Boolean> condition) throws Exception {
        Await.until(what, () -> {
            ship(1);
            return condition.call();
        });
    }

    void stepUntil(final String what, final Callable<Boolean> condition) throws Exception {
        Await.until(what, () -> {
            step(1);
            return condition.call();
        });
    }

    void stepUntilStored() throws Exception {
        stepUntil("every event is stored", () -> journal.progress().stored() == events);
        step(3);
    }

    /** What the window store has of each user. */
    Map<String, Long> storedUsers() throws Exception {
        return PostgresExtension.rows(database, "SELECT user_id, sum(count) FROM user_events GROUP BY user_id").stream()
                .collect(Collectors.toMap(row -> row.get(0), row -> Long.valueOf(row.get(1))));
    }

    /** What it should have: the users of these events, once each. */
    static Map<String, Long> each(final long first, final long last) {
        return LongStream.rangeClosed(first, last).boxed().collect(Collectors.toMap(i -> "user" + i, i -> 1L));
    }

    long lost() throws Exception {
        return PostgresExtension.number(database, "SELECT sum(lost) FROM stream_watermarks");
    }

    @Override
    public void close() {
        shipper.onClose();
        aggregator.onClose();
        journal.close();
        streams.close();
    }
}
