package io.millrace.server;

import io.millrace.pipeline.AckLevel;
import io.millrace.pipeline.Doorbell;
import io.millrace.pipeline.Progress;
import io.millrace.pipeline.journal.Journal;
import io.millrace.pipeline.journal.JournalForcer;
import io.millrace.pipeline.journal.Journals;
import io.millrace.pipeline.ship.Shipper;
import io.millrace.pipeline.ship.Shipper.Purpose;
import io.millrace.pipeline.ship.Shipper.StoredSource;
import io.millrace.pipeline.window.Aggregator;
import io.millrace.pipeline.window.DamageReport;
import io.millrace.pipeline.window.FlushBatch;
import io.millrace.pipeline.window.FlushBatch.EventIds;
import io.millrace.server.config.Role;
import io.millrace.server.config.ServerConfig;
import io.millrace.storage.postgres.PostgresWindowStore;
import io.millrace.storage.redis.RedisStreams;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.agrona.CloseHelper;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.CompositeAgent;
import org.agrona.concurrent.SystemNanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stages behind the journals, each with its thread and its doorbell: a shipper a journal, a forcer a journal that is written,
 * and the aggregator.
 *
 * <p>Whoever makes work for a stage rings its doorbell: the event loop the shipper's and the forcer's, the shipper the
 * aggregator's, and the aggregator the shippers', who may free then. Where answers wait it wakes them from their rest.
 */
final class DataPath implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DataPath.class);
    /**
     * Between two blocks that are not full, and between two reads of them. An append costs a round trip and an fsync of
     * Redis: at 90,000 requests a second, one a millisecond and more without this pause took a sixth of the server's time.
     */
    private static final long LINGER_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private static final long READ_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long MAX_NAP_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    /** It sleeps until it is rung; this is how long a stop may have to wait for it. */
    private static final long MAX_FORCER_NAP_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final long BOOKMARK_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long DRAIN_POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long PAUSE_AFTER_ERROR_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Long enough for the round trip to cost little, short enough for Redis to stay responsive. */
    private static final int BLOCK_BYTES = 256 << 10;

    private final Journals journals;
    private final RedisStreams streams;
    private final List<Shipper> shippers = new ArrayList<>();
    private final List<Doorbell> shipperBells = new ArrayList<>();
    private final List<JournalForcer> forcers = new ArrayList<>();
    private final List<Doorbell> forcerBells = new ArrayList<>();
    private final Aggregator aggregator;
    private final Doorbell aggregatorBell;
    private final List<AgentRunner> runners = new ArrayList<>();

    DataPath(final ServerConfig config, final Journals journals, final Stores stores) {
        this.journals = journals;
        streams = stores.streams();
        final Map<String, Progress> progress = new HashMap<>();
        journals.all().forEach(journal -> progress.put(journal.stream(), journal.progress()));
        if (config.role() != Role.AGGREGATE && config.ingest().ack().max().compareTo(AckLevel.DISK) >= 0) {
            for (final Journal journal : journals.live()) {
                forcers.add(journal.forcer());
                forcerBells.add(new Doorbell(0, MAX_FORCER_NAP_NANOS));
            }
        }
        aggregator = config.role() == Role.INGEST
                ? null
                : new Aggregator(
                        streams.eventFeed(),
                        new PostgresWindowStore(stores.postgres(), config.dedupWindow()),
                        new FlushBatch(
                                config.window().toMillis(),
                                ThreadLocalRandom.current().nextLong(),
                                config.dedupWindow().isZero() ? EventIds.IGNORED : EventIds.COMPARED),
                        progress::get,
                        config.flush().toNanos(),
                        config.keep().toNanos(),
                        SystemNanoClock.INSTANCE,
                        () -> shipperBells.forEach(Doorbell::ring));
        aggregatorBell = new Doorbell(READ_INTERVAL_NANOS, this::aggregatorNapNanos);
        for (final Journal journal : journals.all()) {
            shippers.add(newShipper(journal, config.keep()));
            shipperBells.add(new Doorbell(LINGER_NANOS, MAX_NAP_NANOS));
        }
    }

    private Shipper newShipper(final Journal journal, final Duration keep) {
        final Purpose purpose = journals.live().contains(journal) ? Purpose.LIVE : Purpose.DRAIN;
        return new Shipper(
                journal,
                streams.eventStream(journal.stream()),
                new Shipper.Settings(
                        purpose,
                        () -> storedSource(journal.stream()),
                        BLOCK_BYTES,
                        LINGER_NANOS,
                        BOOKMARK_INTERVAL_NANOS,
                        keep.toNanos()),
                SystemNanoClock.INSTANCE,
                () -> onStreamed(journal.progress()));
    }

    /** The aggregator of this process need not be the owner: there may be others on the same stores. */
    private StoredSource storedSource(final String stream) {
        return aggregator != null && aggregator.owns(stream) ? StoredSource.IN_PROCESS : StoredSource.BOOKMARK;
    }

    List<Shipper> shippers() {
        return shippers;
    }

    /** Null if this role has none. */
    Aggregator aggregator() {
        return aggregator;
    }

    /** What the event loop of live journal {@code loop} runs when it has committed something. */
    Runnable onCommitted(final int loop) {
        return shipperBells.get(loop)::ring;
    }

    /** What the event loop of live journal {@code loop} runs when answers began to wait for a level. */
    Consumer<AckLevel> onAwaited(final int loop) {
        final Doorbell shipperBell = shipperBells.get(loop);
        final Doorbell forcerBell = forcerBells.isEmpty() ? null : forcerBells.get(loop);
        return level -> {
            if (level == AckLevel.DISK) {
                forcerBell.ring();
            } else {
                shipperBell.wake();
            }
        };
    }

    /** Nobody rings when a flush is due. */
    private long aggregatorNapNanos() {
        return Math.min(MAX_NAP_NANOS, aggregator.nanosToFlush());
    }

    /** The aggregator rests after it has read, unless an answer waits for what was appended. */
    private void onStreamed(final Progress progress) {
        if (progress.stage(AckLevel.STORED).isWanted()) {
            aggregatorBell.wake();
        } else {
            aggregatorBell.ring();
        }
    }

    /** One a live journal; none where no answer may wait for the disk. */
    List<JournalForcer> forcers() {
        return forcers;
    }

    /** To be called before anything is taken in: forcing needs no store. */
    void startForcers() {
        for (int i = 0; i < forcers.size(); i++) {
            start(forcers.get(i), forcerBells.get(i));
        }
    }

    void startShippers() {
        for (int i = 0; i < shippers.size(); i++) {
            start(withReport(shippers.get(i)), shipperBells.get(i));
        }
    }

    /** The shipper of a damaged journal begins by saying what is damaged. */
    private Agent withReport(final Shipper shipper) {
        return shipper.journal().damaged().isEmpty()
                ? shipper
                : new CompositeAgent(
                        new DamageReport(
                                shipper.journal(), streams.eventFeed(), shipper.counters(), SystemNanoClock.INSTANCE),
                        shipper);
    }

    /** To be called when the window store is prepared. */
    synchronized void startAggregator() {
        start(aggregator, aggregatorBell);
    }

    /**
     * Waits until everything that was accepted is in the window store; or, without an aggregator here, in the stream.
     *
     * @return false if the deadline came first
     */
    boolean drain(final long deadlineNanos) {
        if (aggregator == null) {
            return await(Progress::streamed, deadlineNanos);
        }
        aggregator.drain();
        aggregatorBell.ring();
        return await(Progress::stored, deadlineNanos);
    }

    /** Events that the journals hold and the stage behind has not. */
    long behind(final ToLongFunction<Progress> stage) {
        long events = 0;
        for (final Journal journal : journals.all()) {
            events += journal.progress().accepted() - stage.applyAsLong(journal.progress());
        }
        return events;
    }

    @Override
    public synchronized void close() {
        CloseHelper.closeAll(runners);
    }

    private boolean await(final ToLongFunction<Progress> stage, final long deadlineNanos) {
        while (behind(stage) > 0) {
            if (System.nanoTime() - deadlineNanos >= 0) {
                return false;
            }
            LockSupport.parkNanos(DRAIN_POLL_NANOS);
        }
        return true;
    }

    private synchronized void start(final Agent agent, final Doorbell doorbell) {
        final AgentRunner runner = new AgentRunner(doorbell, failure -> onFailure(agent, failure), null, agent);
        runners.add(runner);
        AgentRunner.startOnThread(runner);
    }

    /** What an agent throws is a mistake of ours: said loudly, and not tried again at full speed. */
    private static void onFailure(final Agent agent, final Throwable failure) {
        LOG.error("{} failed", agent.roleName(), failure);
        LockSupport.parkNanos(PAUSE_AFTER_ERROR_NANOS);
    }
}
