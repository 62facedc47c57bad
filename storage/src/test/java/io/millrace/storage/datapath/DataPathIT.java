package io.millrace.storage.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.KillArgs;
import io.lettuce.core.Range;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.XAddArgs;
import io.millrace.pipeline.AckLevel;
import io.millrace.pipeline.PipelineCounter;
import io.millrace.pipeline.journal.Journal;
import io.millrace.pipeline.journal.JournalWriter;
import io.millrace.pipeline.ship.Shipper;
import io.millrace.pipeline.testing.TestEvent;
import io.millrace.pipeline.window.Aggregator;
import io.millrace.pipeline.window.FlushBatch;
import io.millrace.storage.postgres.PostgresSchema;
import io.millrace.storage.postgres.PostgresSettings;
import io.millrace.storage.postgres.PostgresWindowStore;
import io.millrace.storage.redis.RedisOptions;
import io.millrace.storage.redis.RedisStreams;
import io.millrace.storage.testing.Await;
import io.millrace.storage.testing.PostgresExtension;
import io.millrace.storage.testing.RedisExtension;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Each event once, whatever happens between the journal and the tables. */
class DataPathIT {
    private static final int CAPACITY = Journal.MIN_CAPACITY_BYTES;
    private static final int BLOCK_BYTES = 1_000;
    private static final long GENERATION = 7;
    private static final long NOW_MILLIS = 1_767_225_600_000L;

    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    @RegisterExtension
    static final PostgresExtension POSTGRES = new PostgresExtension();

    @TempDir
    private Path folder;

    private PostgresSettings database;
    private RedisStreams streams;
    private Journal journal;
    private Shipper shipper;
    private Aggregator aggregator;
    private long nowNanos;
    private long events;

    @BeforeEach
    void open() throws Exception {
        REDIS.commands().flushall();
        database = POSTGRES.newDatabase();
        PostgresSchema.prepare(database, 10_000, Duration.ofSeconds(10));
        streams = RedisStreams.open(RedisOptions.of(REDIS.uri()));
        journal = Journal.create(folder.resolve("n-0.journal"), CAPACITY, stream(), UUID.randomUUID(), GENERATION);
        startShipper();
        startAggregator();
    }

    @AfterEach
    void close() {
        shipper.onClose();
        aggregator.onClose();
        journal.close();
        streams.close();
    }

    @Test
    void shouldCarryEventsFromTheJournalToTheTables() throws Exception {
        commit(100);

        stepUntilStored();

        assertThat(storedUsers()).isEqualTo(each(1, 100));
        assertThat(journal.reader().freedSequence()).isEqualTo(100);
        assertThat(REDIS.commands().xlen(stream())).isZero();
        assertThat(REDIS.commands().xinfoGroups(stream()).toString()).contains(GENERATION + "-100");
    }

    @Test
    void shouldShipOneEventAtOnceAndManyInOneBlock() throws Exception {
        step(shipper::doWork, 2);
        commit(1);
        step(shipper::doWork, 1);
        assertThat(REDIS.commands().xlen(stream())).isEqualTo(1);

        commit(20);
        step(shipper::doWork, 2);

        assertThat(shipper.counters().get(PipelineCounter.SHIPPED_EVENTS)).isEqualTo(21);
        assertThat(REDIS.commands().xlen(stream())).isLessThanOrEqualTo(3);
    }

    @Test
    void shouldLetWhatFollowsASmallBlockLingerAndGoInOne() {
        shipper.onClose();
        shipper = newShipper(
                Shipper.Purpose.LIVE,
                Shipper.StoredSource.IN_PROCESS,
                Duration.ofSeconds(5).toNanos());
        step(shipper::doWork, 2);
        commit(1);
        step(shipper::doWork, 1);
        assertThat(REDIS.commands().xlen(stream())).isEqualTo(1);

        for (int i = 0; i < 2; i++) {
            commit(10);
            step(shipper::doWork, 1);
            assertThat(REDIS.commands().xlen(stream())).isEqualTo(1);
        }
        step(shipper::doWork, 1);

        assertThat(REDIS.commands().xlen(stream())).isEqualTo(2);
        assertThat(journal.progress().streamed()).isEqualTo(21);
    }

    @Test
    void shouldNotLetLingerWhatAnAnswerWaitsFor() {
        shipper.onClose();
        shipper = newShipper(
                Shipper.Purpose.LIVE,
                Shipper.StoredSource.IN_PROCESS,
                Duration.ofDays(1).toNanos());
        step(shipper::doWork, 2);
        commit(1);
        step(shipper::doWork, 1);
        commit(1);
        step(shipper::doWork, 1);
        assertThat(journal.progress().streamed()).isEqualTo(1);

        journal.progress().want(AckLevel.STREAM, 2);
        step(shipper::doWork, 1);
        assertThat(journal.progress().streamed()).isEqualTo(2);

        commit(1);
        step(shipper::doWork, 1);
        assertThat(journal.progress().streamed()).isEqualTo(2);
        journal.progress().want(AckLevel.STORED, 3);
        step(shipper::doWork, 1);
        assertThat(journal.progress().streamed()).isEqualTo(3);
    }

    /** Flushes are a second apart; here time passes only where it says so. */
    @Test
    void shouldFlushEarlierWhileAnAnswerWaitsForIt() throws Exception {
        commit(20);
        stepUntilStored();
        commit(10);
        stepUntil("it is streamed", () -> journal.progress().streamed() == 30, shipper::doWork);
        aggregator.doWork();
        assertThat(journal.progress().stored()).as("a second had passed").isEqualTo(30);

        commit(10);
        Await.until(
                "it is streamed",
                () -> shipper.doWork() >= 0 && journal.progress().streamed() == 40);
        nowNanos += Duration.ofMillis(99).toNanos();
        journal.progress().want(AckLevel.STORED, 40);
        assertThat(aggregator.doWork()).isPositive();
        assertThat(journal.progress().stored())
                .as("read, but too soon to flush")
                .isEqualTo(30);
        nowNanos += Duration.ofMillis(1).toNanos();
        aggregator.doWork();
        assertThat(journal.progress().stored()).isEqualTo(40);

        commit(10);
        Await.until(
                "it is streamed",
                () -> shipper.doWork() >= 0 && journal.progress().streamed() == 50);
        nowNanos += Duration.ofMillis(500).toNanos();
        aggregator.doWork();
        assertThat(journal.progress().stored()).as("nobody waits").isEqualTo(40);
    }

    @Test
    void shouldLoseNothingWhenRedisLosesEverything() throws Exception {
        commit(100);
        stepUntil("all is streamed", () -> journal.progress().streamed() == 100, shipper::doWork);
        REDIS.commands().flushall();
        commit(10);

        stepUntilStored();

        assertThat(storedUsers()).isEqualTo(each(1, 110));
        assertThat(lost()).isZero();
    }

    @Test
    void shouldLoseNothingWhenRedisLosesEverythingBetweenTwoFlushes() throws Exception {
        commit(50);
        stepUntilStored();
        commit(50);
        stepUntil("all is streamed", () -> journal.progress().streamed() == 100, shipper::doWork);
        REDIS.commands().flushall();
        commit(1);

        stepUntilStored();

        assertThat(storedUsers()).isEqualTo(each(1, 101));
        assertThat(lost()).isZero();
    }

    @Test
    void shouldGoOnAfterItsConnectionsWereCut() throws Exception {
        for (int round = 0; round < 5; round++) {
            commit(20);
            step(shipper::doWork, 2);
            REDIS.commands().clientKill(KillArgs.Builder.skipme());
            step(this::stepBoth, 3);
        }
        stepUntilStored();

        assertThat(storedUsers()).isEqualTo(each(1, 100));
        assertThat(shipper.counters().get(PipelineCounter.SHIP_FAILURES)).isPositive();
        assertThat(shipper.counters().get(PipelineCounter.RESYNCS)).isGreaterThan(1);
    }

    @Test
    void shouldCountOnceWhatAShipperThatDiedShipsAgainInOtherBlocks() throws Exception {
        commit(30);
        step(shipper::doWork, 2);
        assertThat(journal.progress().streamed()).isPositive();
        // The stream forgets the last blocks and the shipper begins anew: other blocks, the same sequences.
        REDIS.commands().xgroupDestroy(stream(), "millrace");
        reopenJournal();
        commit(30);

        stepUntilStored();

        assertThat(storedUsers()).isEqualTo(each(1, 60));
    }

    @Test
    void shouldSetForeignEntriesAsideAndGoOn() throws Exception {
        commit(10);
        stepUntil("all is streamed", () -> journal.progress().streamed() == 10, shipper::doWork);
        REDIS.commands().xadd(stream(), Map.of("b", "no block"));
        REDIS.commands().xadd(stream(), Map.of("other", "field"));
        commit(10);

        stepUntilStored();

        assertThat(storedUsers()).isEqualTo(each(1, 20));
        assertThat(REDIS.commands().xrange("millrace:rejected", Range.unbounded()))
                .hasSize(2);
        assertThat(aggregator.counters().get(PipelineCounter.POISON_ENTRIES)).isEqualTo(2);
        assertThat(lost()).isZero();
    }

    @Test
    void shouldCountAsLostExactlyWhatNobodyHolds() throws Exception {
        step(shipper::doWork, 2);
        for (int i = 0; i < 5; i++) {
            commit(10);
            step(shipper::doWork, 1);
        }
        assertThat(REDIS.commands().xdel(stream(), GENERATION + "-30")).isEqualTo(1);

        stepUntil("the rest is stored", () -> journal.progress().stored() == 50, this::stepBoth);

        final Map<String, Long> stored = each(1, 50);
        LongStream.rangeClosed(21, 30).forEach(lost -> stored.remove("user" + lost));
        assertThat(storedUsers()).isEqualTo(stored);
        assertThat(lost()).isEqualTo(10);
        assertThat(aggregator.counters().get(PipelineCounter.GAPS)).isEqualTo(1);
    }

    @Test
    void shouldFindEventsThatStandBehindAGapInTheStream() throws Exception {
        commit(10);
        step(shipper::doWork, 3);
        final var first = REDIS.commands().xrange(stream(), Range.unbounded());
        commit(10);
        step(shipper::doWork, 3);
        // The first block, moved behind the second.
        final var entries = REDIS.commands().xrange(stream(), Range.unbounded());
        assertThat(entries).hasSizeGreaterThan(first.size());
        assertThat(first).hasSize(1);
        moveBehind(first.get(0).getId());

        stepUntilStored();

        assertThat(storedUsers()).isEqualTo(each(1, 20));
        assertThat(lost()).isZero();
        assertThat(aggregator.counters().get(PipelineCounter.GAPS)).isEqualTo(1);
    }

    @Test
    void shouldRefuseAStreamThatHoldsMoreThanItsJournalWrote() throws Exception {
        step(shipper::doWork, 2);
        REDIS.commands().xadd(stream(), new XAddArgs().id(GENERATION + "-1000"), Map.of("b", "somebody else's"));
        commit(10);

        step(shipper::doWork, 3);
        stepUntil("it refuses", () -> shipper.state() == Shipper.State.REFUSING, shipper::doWork);

        assertThat(journal.reader().freedSequence()).isZero();
        assertThat(journal.progress().streamed()).isZero();
        assertThat(journal.writer().tryClaim(100)).isEqualTo(JournalWriter.FULL);
    }

    @Test
    void shouldTakeEventsAgainWhenTheStreamHoldsNoMoreThanItsJournalWrote() throws Exception {
        REDIS.commands().xadd(stream(), new XAddArgs().id(GENERATION + "-1000"), Map.of("b", "somebody else's"));
        stepUntil("it refuses", () -> shipper.state() == Shipper.State.REFUSING, shipper::doWork);

        REDIS.commands().del(stream());
        stepUntil("it ships", () -> shipper.state() == Shipper.State.SHIPPING, shipper::doWork);
        commit(10);
        stepUntilStored();

        assertThat(storedUsers()).isEqualTo(each(1, 10));
    }

    /** Else what it took after it was put back would count as shipped: the stream has events of the same sequences. */
    @Test
    void shouldNotDrainAnOlderCopyOfAJournal() throws Exception {
        commit(10);
        final Path older = Files.copy(journal.path(), folder.resolve("older"));
        commit(10);
        stepUntil("all is streamed", () -> journal.progress().streamed() == 20, shipper::doWork);
        shipper.onClose();
        journal.close();
        Files.move(older, folder.resolve("n-0.journal"), StandardCopyOption.REPLACE_EXISTING);
        journal = Journal.open(folder.resolve("n-0.journal"));
        startShipper(Shipper.Purpose.DRAIN, Shipper.StoredSource.IN_PROCESS);

        stepUntil("it refuses", () -> shipper.state() == Shipper.State.REFUSING, this::stepBoth);

        assertThat(journal.path()).exists();
    }

    @Test
    void shouldCountOnceWhenPostgresDropsTheSession() throws Exception {
        for (int round = 0; round < 4; round++) {
            commit(20);
            step(this::stepBoth, 4);
            PostgresExtension.execute(
                    database,
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <>"
                            + " pg_backend_pid()");
        }
        stepUntilStored();

        assertThat(storedUsers()).isEqualTo(each(1, 80));
        assertThat(aggregator.counters().get(PipelineCounter.STORE_FAILURES)).isPositive();
    }

    @Test
    void shouldCountOnceWhenPostgresIsKilled() throws Exception {
        for (int round = 0; round < 2; round++) {
            commit(20);
            step(this::stepBoth, 4);
            POSTGRES.kill();
            commit(20);
        }
        stepUntilStored();

        assertThat(storedUsers()).isEqualTo(each(1, 80));
        assertThat(lost()).isZero();
        assertThat(aggregator.counters().get(PipelineCounter.STORE_FAILURES)).isPositive();
    }

    @Test
    void shouldFreeOnlyWhatIsStoredWhileThereIsRoom() throws Exception {
        commit(100);
        stepUntil("all is streamed", () -> journal.progress().streamed() == 100, shipper::doWork);

        assertThat(journal.reader().freedSequence()).isZero();
    }

    @Test
    void shouldFreeWhatADurableRedisHasWhenMoreThanHalfFull() throws Exception {
        int committed = 0;
        while (journal.reader().usedBytes() <= CAPACITY / 2) {
            commit(10);
            committed += 10;
        }
        final long all = committed;
        stepUntil("all is streamed", () -> journal.progress().streamed() == all, shipper::doWork);
        step(shipper::doWork, 2);

        assertThat(journal.reader().freedSequence()).isPositive();
        stepUntilStored();
        assertThat(storedUsers()).isEqualTo(each(1, committed));
    }

    @Test
    void shouldReachTheWindowStoreBeforeThereIsAnyStream() {
        step(aggregator::doWork, 1);

        assertThat(aggregator.connected()).isTrue();
    }

    @Test
    void shouldGoOnFromTheWatermarkInAnotherAggregator() throws Exception {
        commit(30);
        stepUntilStored();
        aggregator.onClose();
        commit(30);
        startAggregator();

        stepUntilStored();

        assertThat(storedUsers()).isEqualTo(each(1, 60));
    }

    @Test
    void shouldRemoveADrainedJournalAndItsStream() throws Exception {
        commit(30);
        shipper.onClose();
        startShipper(Shipper.Purpose.DRAIN, Shipper.StoredSource.IN_PROCESS);

        stepUntil("it is drained", () -> shipper.state() == Shipper.State.DONE, this::stepBoth);

        assertThat(storedUsers()).isEqualTo(each(1, 30));
        assertThat(journal.path()).doesNotExist();
        assertThat(REDIS.commands().exists(stream())).isZero();
        assertThat(REDIS.commands().smembers("millrace:streams")).isEmpty();
    }

    @Test
    void shouldDrainAStreamThatIsAheadOfItsJournalAfterAPowerLoss() throws Exception {
        commit(10);
        final Path older = Files.copy(journal.path(), folder.resolve("older"));
        commit(10);
        stepUntil("all is streamed", () -> journal.progress().streamed() == 20, shipper::doWork);
        shipper.onClose();
        journal.close();
        Files.move(older, folder.resolve("n-0.journal"), StandardCopyOption.REPLACE_EXISTING);
        journal = Journal.open(folder.resolve("n-0.journal"), UUID.randomUUID());
        startShipper(Shipper.Purpose.DRAIN, Shipper.StoredSource.IN_PROCESS);

        stepUntil("it is drained", () -> shipper.state() == Shipper.State.DONE, this::stepBoth);

        assertThat(storedUsers()).isEqualTo(each(1, 20));
        assertThat(lost()).isZero();
    }

    @Test
    void shouldLearnFromTheBookmarkWhatAnotherProcessStored() throws Exception {
        shipper.onClose();
        startShipper(Shipper.Purpose.LIVE, Shipper.StoredSource.BOOKMARK);
        aggregator.onClose();
        aggregator = new Aggregator(
                streams.eventFeed(),
                new PostgresWindowStore(database, Duration.ofMinutes(10)),
                new FlushBatch(10_000, 1, FlushBatch.EventIds.COMPARED),
                stream -> null,
                Duration.ofSeconds(1).toNanos(),
                0,
                () -> nowNanos,
                () -> {});
        commit(30);

        stepUntilStored();

        assertThat(storedUsers()).isEqualTo(each(1, 30));
        assertThat(journal.reader().freedSequence()).isEqualTo(30);
    }

    private void moveBehind(final String firstId) {
        final String script = "local e = redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[1])[1]"
                + " redis.call('XDEL', KEYS[1], ARGV[1])"
                + " return redis.call('XADD', KEYS[1], '8-0', 'b', e[2][2])";
        REDIS.commands().eval(script, ScriptOutputType.STATUS, new String[] {stream()}, firstId);
    }

    private void startShipper() {
        startShipper(Shipper.Purpose.LIVE, Shipper.StoredSource.IN_PROCESS);
    }

    private void startShipper(final Shipper.Purpose purpose, final Shipper.StoredSource storedSource) {
        shipper = newShipper(purpose, storedSource, 0);
    }

    private Shipper newShipper(
            final Shipper.Purpose purpose, final Shipper.StoredSource storedSource, final long lingerNanos) {
        return new Shipper(
                journal,
                streams.eventStream(stream()),
                new Shipper.Settings(purpose, () -> storedSource, BLOCK_BYTES, lingerNanos, 0, 0),
                () -> nowNanos,
                () -> {});
    }

    private void startAggregator() {
        aggregator = new Aggregator(
                streams.eventFeed(),
                new PostgresWindowStore(database, Duration.ofMinutes(10)),
                new FlushBatch(10_000, 1, FlushBatch.EventIds.COMPARED),
                stream -> stream.equals(stream()) ? journal.progress() : null,
                Duration.ofSeconds(1).toNanos(),
                0,
                () -> nowNanos,
                () -> {});
    }

    private void reopenJournal() throws Exception {
        shipper.onClose();
        journal.close();
        journal = Journal.open(folder.resolve("n-0.journal"));
        startShipper();
    }

    private String stream() {
        return "millrace:events:{n-0}";
    }

    /** Commits events, each of a user of its own and a record of its own. */
    private void commit(final int count) {
        for (int i = 0; i < count; i++) {
            events++;
            final TestEvent event = new TestEvent(NOW_MILLIS + events, "user" + events, "click", "e");
            assertThat(TestEvent.commit(journal.writer(), List.of(event))).isNotEqualTo(JournalWriter.FULL);
        }
    }

    private int stepBoth() {
        return shipper.doWork() + aggregator.doWork();
    }

    /** Time passes with each step, so that backing off, flushing and looking for streams need no waiting. */
    private void step(final Step step, final int times) {
        for (int i = 0; i < times; i++) {
            nowNanos += Duration.ofSeconds(2).toNanos();
            step.run();
        }
    }

    private void stepUntilStored() throws Exception {
        stepUntil("every event is stored", () -> journal.progress().stored() == events, this::stepBoth);
        step(this::stepBoth, 3);
    }

    private void stepUntil(final String what, final Callable<Boolean> condition, final Step step) throws Exception {
        Await.until(what, () -> {
            step(step, 1);
            return condition.call();
        });
    }

    private Map<String, Long> storedUsers() throws Exception {
        return PostgresExtension.rows(database, "SELECT user_id, sum(count) FROM user_events GROUP BY user_id").stream()
                .collect(Collectors.toMap(row -> row.get(0), row -> Long.valueOf(row.get(1))));
    }

    private long lost() throws Exception {
        return PostgresExtension.number(database, "SELECT sum(lost) FROM stream_watermarks");
    }

    private static Map<String, Long> each(final long first, final long last) {
        return LongStream.rangeClosed(first, last).boxed().collect(Collectors.toMap(i -> "user" + i, i -> 1L));
    }

    /** One step of one agent or several. */
    @FunctionalInterface
    private interface Step {
        int run();
    }
}
