package io.millrace.pipeline.window;

import io.millrace.pipeline.Backoff;
import io.millrace.pipeline.Counters;
import io.millrace.pipeline.PipelineCounter;
import io.millrace.pipeline.Progress;
import io.millrace.pipeline.ship.EntryId;
import io.millrace.pipeline.ship.StreamException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.agrona.concurrent.NanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which streams this aggregator has: finds those that there are, takes its share, and leaves to others what they ask for.
 *
 * <ol>
 *   <li>A stream that nobody has is taken by whoever comes first: none waits for its fair owner.
 *   <li>Who has fewer than others by two or more asks for some of theirs; who is asked commits and lets go.
 *   <li>If no part of the stream store answers for a while, all are left to others who may reach it.
 *   <li>A stream that was removed is let go.
 * </ol>
 *
 * <p>Used by one thread only, the aggregator; {@link #owns} by any.
 */
final class Ownership {
    private static final Logger LOG = LoggerFactory.getLogger(Ownership.class);
    private static final long MIN_BACKOFF_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long MAX_BACKOFF_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long DISCOVERY_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long SHARING_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long MAX_OUTAGE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final String LIST = "the list of streams";

    private final EventFeed feed;
    private final WindowStore store;
    private final FlushBatch batch;
    private final Function<String, Progress> localProgress;
    private final Counters<PipelineCounter> counters;
    private final Bookmarks bookmarks;
    private final Outage outage;
    private final NanoClock clock;
    private final Backoff listBackoff = new Backoff(MIN_BACKOFF_NANOS, MAX_BACKOFF_NANOS, 1);
    private final Map<String, StreamFold> owned = new ConcurrentHashMap<>();
    private final Set<String> leaving = new HashSet<>();
    private boolean isMember;
    private long nextDiscoveryNanos;
    private long nextSharingNanos;

    Ownership(
            final EventFeed feed,
            final WindowStore store,
            final FlushBatch batch,
            final Function<String, Progress> localProgress,
            final Counters<PipelineCounter> counters,
            final Bookmarks bookmarks,
            final Outage outage,
            final NanoClock clock) {
        this.feed = feed;
        this.store = store;
        this.batch = batch;
        this.localProgress = localProgress;
        this.counters = counters;
        this.bookmarks = bookmarks;
        this.outage = outage;
        this.clock = clock;
        startOver();
    }

    Collection<StreamFold> streams() {
        return owned.values();
    }

    StreamFold stream(final String name) {
        return owned.get(name);
    }

    /** Any thread. */
    boolean owns(final String stream) {
        return owned.containsKey(stream);
    }

    /** Whether a commit is waited for, so that streams can be let go. */
    boolean isLeaving() {
        return !leaving.isEmpty();
    }

    /** Nothing is owned any more. */
    void startOver() {
        owned.clear();
        leaving.clear();
        bookmarks.clear();
        isMember = false;
        nextDiscoveryNanos = clock.nanoTime();
        nextSharingNanos = clock.nanoTime();
    }

    /** Looks for streams, if it is time to; tells whether the window store was asked. */
    boolean discover(final long nowNanos) throws StoreException {
        if (nowNanos - nextDiscoveryNanos < 0 || listBackoff.holds(nowNanos)) {
            return false;
        }
        try {
            final Set<String> listed = feed.streams();
            outage.reached(LIST, nowNanos);
            listBackoff.succeeded();
            nextDiscoveryNanos = nowNanos + DISCOVERY_INTERVAL_NANOS;
            if (isMember && owned.keySet().containsAll(listed) && nowNanos - nextSharingNanos < 0) {
                return false;
            }
            nextSharingNanos = nowNanos + SHARING_INTERVAL_NANOS;
            share(listed, nowNanos);
            return true;
        } catch (final StreamException e) {
            listBackoff.failed(clock.nanoTime());
            counters.increment(PipelineCounter.FEED_FAILURES);
            outage.failed(LIST, e);
            return false;
        }
    }

    private void share(final Set<String> listed, final long nowNanos) throws StreamException, StoreException {
        final List<String> preferred = new ArrayList<>(listed);
        // The progress of a stream whose journal is here need not be asked for.
        preferred.sort(Comparator.comparing((String stream) -> localProgress.apply(stream) == null)
                .thenComparing(Comparator.naturalOrder()));
        final Map<String, Watermark> taken = store.own(preferred);
        isMember = true;
        taken.forEach((stream, watermark) -> take(stream, watermark, nowNanos));
        leaving.clear();
        leaving.addAll(store.asked());
        for (final String stream : owned.keySet()) {
            if (!listed.contains(stream) && feed.last(stream).equals(EntryId.ZERO)) {
                leaving.add(stream);
            }
        }
    }

    private void take(final String stream, final Watermark watermark, final long nowNanos) {
        final Progress local = localProgress.apply(stream);
        if (local != null && watermark.lastEvent() > local.accepted()) {
            LOG.error(
                    "{}: the window store has event {}, but the journal has written only {}: the journal is not the one that"
                            + " wrote this stream. Give this server another --node",
                    stream,
                    watermark.lastEvent(),
                    local.accepted());
        }
        owned.put(stream, new StreamFold(stream, watermark, local, batch, counters, nowNanos));
        bookmarks.taken(stream, watermark, nowNanos);
        noteStored(stream, watermark);
    }

    /** The window store has this watermark of an owned stream. */
    void noteStored(final String stream, final Watermark watermark) {
        final Progress local = localProgress.apply(stream);
        if (local != null) {
            local.stored(watermark.lastEvent());
        }
    }

    /** Leaves streams to others, once nothing of them is in memory only. */
    void letGo(final long nowNanos) throws StoreException {
        final boolean isCutOff = isMember && outage.lengthNanos(nowNanos) >= MAX_OUTAGE_NANOS;
        if (isCutOff) {
            leaving.addAll(owned.keySet());
        }
        leaving.retainAll(owned.keySet());
        if (leaving.stream().anyMatch(stream -> owned.get(stream).moved())) {
            return;
        }
        if (isCutOff) {
            LOG.warn("no part of the stream store answers: {} streams are left to other aggregators", owned.size());
            store.leave();
            isMember = false;
        } else if (!leaving.isEmpty()) {
            LOG.info("leaving to another aggregator, or for good: {}", leaving);
            store.release(leaving);
        }
        counters.add(PipelineCounter.RELEASED_STREAMS, leaving.size());
        owned.keySet().removeAll(leaving);
        bookmarks.forget(leaving);
        leaving.forEach(outage::forget);
        leaving.clear();
    }
}
