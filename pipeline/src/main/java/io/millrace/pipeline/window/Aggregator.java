package io.millrace.pipeline.window;

import io.millrace.pipeline.Backoff;
import io.millrace.pipeline.Counters;
import io.millrace.pipeline.PipelineCounter;
import io.millrace.pipeline.Progress;
import io.millrace.pipeline.ship.StreamException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.NanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Folds the streams that it owns into windows and commits these, with how far it got, to the window store.
 *
 * <p>The window store is the only authority on how far a stream has been folded. Nothing outlives a commit in memory: a
 * flush adds to the rows of a window and never closes it, so a late event is like any other.
 *
 * <ol>
 *   <li>Counts and watermark are one commit: an event is in both or in neither.
 *   <li>When a call of the store fails, everything folded since the last commit is forgotten, the streams are taken over
 *       again, and reading goes on from the watermarks that the store then shows. A commit of unknown outcome is thereby
 *       decided by the store.
 *   <li>When the stream store fails, what was folded is still committed; reading goes on where it stopped. A part of it that
 *       fails holds up nothing but its own streams. If none of it answers for a while the streams are left to others.
 *   <li>The memory between two commits is bounded: a batch that outgrows its bound is flushed early, and not added to before.
 *   <li>While answers wait for a flush there are up to {@value #AWAITED_FLUSHES} in the time of one.
 *   <li>Streams are shared out evenly among the aggregators of a window store: one that has fewer asks, one that is asked
 *       commits and lets go.
 *   <li>When the store refuses data, the streams are read again with {@link Caution}, and what it refuses is set aside.
 * </ol>
 */
public final class Aggregator implements Agent {
    private static final Logger LOG = LoggerFactory.getLogger(Aggregator.class);
    private static final long MIN_BACKOFF_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long MAX_BACKOFF_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int MAX_ENTRIES_A_READ = 16;

    /** So many flushes in a flush interval at the most, while answers wait for them. */
    private static final int AWAITED_FLUSHES = 10;

    private static final String REJECTED = "the rejected";

    private final EventFeed feed;
    private final WindowStore store;
    private final FlushBatch batch;
    private final Runnable onStored;
    private final NanoClock clock;
    private final long flushIntervalNanos;
    private final Counters<PipelineCounter> counters = new Counters<>(PipelineCounter.class);
    private final Bookmarks bookmarks;
    private final Outage outage;
    private final Ownership owned;
    private final Caution caution = new Caution();
    private final Backoff storeBackoff = new Backoff(MIN_BACKOFF_NANOS, MAX_BACKOFF_NANOS, 2);
    private long nextFlushNanos;
    private long nextAwaitedFlushNanos;

    /** A commit has failed, and none has succeeded since: to be connected again is no success then. */
    private boolean commitIsPending;

    private volatile boolean connected;
    private volatile boolean draining;

    /**
     * Makes an aggregator that owns no stream yet.
     *
     * @param batch empty, and this aggregator's alone
     * @param localProgress the progress of a stream whose journal is in this process; null for any other
     * @param keepNanos how long entries stay in a stream after their commit
     * @param onStored run after each commit, on the aggregator's thread
     */
    public Aggregator(
            final EventFeed feed,
            final WindowStore store,
            final FlushBatch batch,
            final Function<String, Progress> localProgress,
            final long flushIntervalNanos,
            final long keepNanos,
            final NanoClock clock,
            final Runnable onStored) {
        this.feed = feed;
        this.store = store;
        this.batch = batch;
        this.flushIntervalNanos = flushIntervalNanos;
        this.clock = clock;
        this.onStored = onStored;
        bookmarks = new Bookmarks(feed, keepNanos, counters);
        outage = new Outage(clock.nanoTime());
        owned = new Ownership(feed, store, batch, localProgress, counters, bookmarks, outage, clock);
        nextFlushNanos = clock.nanoTime();
        nextAwaitedFlushNanos = nextFlushNanos;
    }

    @Override
    public String roleName() {
        return "aggregator";
    }

    public Counters<PipelineCounter> counters() {
        return counters;
    }

    /** Whether the last call of the window store succeeded, or was followed by a new connection. Any thread. */
    public boolean connected() {
        return connected;
    }

    /** Whether this aggregator owns the stream. Any thread. */
    public boolean owns(final String stream) {
        return owned.owns(stream);
    }

    /** From now on every step ends with a flush: the server is about to stop. Any thread. */
    public void drain() {
        draining = true;
    }

    @Override
    public int doWork() {
        final long nowNanos = clock.nanoTime();
        if (storeBackoff.holds(nowNanos)) {
            return 0;
        }
        int work = 0;
        try {
            // First of all: after a pause of this process another may own the streams.
            store.heartbeat();
            if (owned.discover(nowNanos)) {
                connected = true;
                caution.found(owned.streams());
                if (!commitIsPending) {
                    storeSucceeded();
                }
            }
            work += readStreams(nowNanos);
            if (flushIsDue(nowNanos) || (nowNanos - nextAwaitedFlushNanos >= 0 && isAwaited())) {
                work += flush(nowNanos);
            }
            owned.letGo(nowNanos);
        } catch (final StoreException e) {
            startOver(e);
        }
        return work;
    }

    /**
     * How long until a flush of what has been read is due: not positive if it is now, {@link Long#MAX_VALUE} if there is nothing
     * to flush. Whoever lets the aggregator sleep between two steps wakes it then. The aggregator's thread only.
     */
    public long nanosToFlush() {
        final long nowNanos = clock.nanoTime();
        if (storeBackoff.holds(nowNanos) || isFlushed()) {
            return Long.MAX_VALUE;
        }
        final long nanos = nextFlushNanos - nowNanos;
        return isAwaited() ? Math.min(nanos, nextAwaitedFlushNanos - nowNanos) : nanos;
    }

    @Override
    public void onClose() {
        feed.close();
        store.close();
    }

    private int readStreams(final long nowNanos) throws StoreException {
        int entries = 0;
        for (final StreamFold stream : owned.streams()) {
            if (!stream.isHeldOff(nowNanos) && mayRead(nowNanos)) {
                entries += read(stream, nowNanos);
                // A slow stream store may take as long for the next one.
                store.heartbeat();
            }
        }
        return entries;
    }

    private int read(final StreamFold stream, final long nowNanos) {
        try {
            bookmarks.publish(stream.stream(), nowNanos);
            if (!stream.isDue(nowNanos)) {
                return 0;
            }
            final int entries = stream.read(feed, MAX_ENTRIES_A_READ, nowNanos);
            outage.reached(stream.stream(), nowNanos);
            if (stream.reached()) {
                bookmarks.doubt(stream.stream());
            }
            return entries;
        } catch (final StreamException e) {
            stream.failed(clock.nanoTime());
            feedFailed(stream.stream(), e);
            return 0;
        }
    }

    private boolean isAwaited() {
        for (final StreamFold stream : owned.streams()) {
            if (stream.isAwaited()) {
                return true;
            }
        }
        return false;
    }

    private boolean isCautious() {
        return caution.isOnFor(owned::owns);
    }

    /** With caution, what was read is committed before anything else is: the batch comes from one stream then. */
    private boolean mayRead(final long nowNanos) throws StoreException {
        if (isCautious()) {
            flush(nowNanos);
            return isFlushed();
        }
        return !batch.isFull();
    }

    /** Whether all that was read is committed. */
    private boolean isFlushed() {
        return owned.streams().stream().noneMatch(StreamFold::moved);
    }

    private boolean flushIsDue(final long nowNanos) {
        return draining || nowNanos - nextFlushNanos >= 0 || owned.isLeaving() || batch.isFull() || isCautious();
    }

    private int flush(final long nowNanos) throws StoreException {
        nextFlushNanos = nowNanos + flushIntervalNanos;
        final Map<String, Watermark> watermarks = new HashMap<>();
        for (final StreamFold stream : owned.streams()) {
            if (stream.moved()) {
                watermarks.put(stream.stream(), stream.watermark());
            }
        }
        if (watermarks.isEmpty()) {
            return 0;
        }
        nextAwaitedFlushNanos = nowNanos + flushIntervalNanos / AWAITED_FLUSHES;
        if (!rejectPoison()) {
            return 0;
        }
        final long startNanos = clock.nanoTime();
        commitIsPending = true;
        final Map<String, Watermark> committed =
                isCautious() ? commitPiecewise(watermarks) : store.commit(batch, watermarks);
        commitIsPending = false;
        storeSucceeded();
        counters.increment(PipelineCounter.FLUSHES);
        counters.add(PipelineCounter.FLUSHED_EVENTS, batch.groups().eventCount());
        counters.add(PipelineCounter.FLUSHED_GROUPS, batch.groups().groupCount());
        counters.add(PipelineCounter.FLUSHED_USERS, batch.groups().entryCount());
        counters.add(PipelineCounter.FLUSH_NANOS, clock.nanoTime() - startNanos);
        batch.clear();
        committed.forEach((stream, watermark) -> {
            owned.stream(stream).committed(watermark);
            caution.passed(stream, watermark.lastEvent());
            bookmarks.committed(stream, watermark, nowNanos);
            owned.noteStored(stream, watermark);
        });
        onStored.run();
        return committed.size();
    }

    private Map<String, Watermark> commitPiecewise(final Map<String, Watermark> watermarks) throws StoreException {
        final Map.Entry<String, Watermark> moved =
                watermarks.entrySet().iterator().next();
        final String stream = moved.getKey();
        final RefusedEvents refused =
                new RefusedEvents(feed, stream, moved.getValue().entry());
        final Watermark committed = store.commitPiecewise(batch, stream, moved.getValue(), refused);
        refused.log();
        return Map.of(stream, committed);
    }

    /** Entries go to the rejected before the commit that steps over them: rather twice there than not at all. */
    private boolean rejectPoison() {
        try {
            for (final StreamFold stream : owned.streams()) {
                for (final StreamFold.RejectedEntry entry : stream.rejected()) {
                    feed.reject(
                            stream.stream(),
                            entry.id(),
                            entry.reason(),
                            entry.content().array());
                }
                stream.rejected().clear();
            }
            outage.forget(REJECTED);
            return true;
        } catch (final StreamException e) {
            feedFailed(REJECTED, e);
            return false;
        }
    }

    private void storeSucceeded() {
        if (storeBackoff.succeeded()) {
            LOG.info("the window store is back");
        }
    }

    private void startOver(final StoreException e) {
        connected = false;
        counters.increment(PipelineCounter.STORE_FAILURES);
        if (e instanceof RefusedException) {
            caution.begin(owned.streams());
        }
        owned.startOver();
        batch.clear();
        if (storeBackoff.failed(clock.nanoTime())) {
            LOG.warn("window store: {}; trying again until it is back", e.getMessage());
        }
    }

    private void feedFailed(final String part, final StreamException e) {
        counters.increment(PipelineCounter.FEED_FAILURES);
        outage.failed(part, e);
    }
}
