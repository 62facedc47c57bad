package io.millrace.pipeline.window;

import io.millrace.pipeline.AckLevel;
import io.millrace.pipeline.Backoff;
import io.millrace.pipeline.Counters;
import io.millrace.pipeline.PipelineCounter;
import io.millrace.pipeline.Progress;
import io.millrace.pipeline.event.EventFlyweight;
import io.millrace.pipeline.ship.BlockReader;
import io.millrace.pipeline.ship.EntryId;
import io.millrace.pipeline.ship.StreamException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Folds the entries of one stream into the batch of a flush, each event once, by its sequence.
 *
 * <p>Only events above the last one folded count; where block boundaries fell does not matter. If a block begins beyond
 * the next event, events are missing before it: the stream is read again from its start to its present end, and what can
 * be joined on is folded, as often as that makes progress. What is still missing then is nobody's any more, and is
 * counted lost.
 *
 * <p>Used by one thread only, the aggregator.
 */
final class StreamFold implements EventFeed.EntryHandler {
    private static final Logger LOG = LoggerFactory.getLogger(StreamFold.class);

    /** What is kept of an entry that was set aside: enough to see whose it is, and no way to fill Redis. */
    private static final int MAX_REJECTED_BYTES = 1 << 16;

    private static final long MIN_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long MAX_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long MIN_BACKOFF_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long MAX_BACKOFF_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final String stream;
    private final FlushBatch batch;
    private final BlockReader block;
    private final Counters<PipelineCounter> counters;
    private final List<RejectedEntry> rejected = new ArrayList<>();

    /** The progress of the stream's journal, if that is in this process; otherwise null. */
    private final Progress local;

    private final Backoff backoff;
    private long nextReadNanos;
    private long pauseNanos;
    private Watermark committed;
    private EntryId position;
    private long lastEvent;
    private long counted;
    private long duplicates;
    private long lost;
    private boolean restRefused;

    /** Null, or the end of the stream when a gap was met: it is being read again up to there. */
    private EntryId endOfPass;

    private boolean gapMet;

    private EntryId positionBeforeGap;
    private long firstBeyondGap;
    private long lastEventBeforePass;

    StreamFold(
            final String stream,
            final Watermark watermark,
            final Progress local,
            final FlushBatch batch,
            final Counters<PipelineCounter> counters,
            final long nowNanos) {
        this.stream = stream;
        this.local = local;
        nextReadNanos = nowNanos;
        this.batch = batch;
        this.counters = counters;
        backoff = new Backoff(MIN_BACKOFF_NANOS, MAX_BACKOFF_NANOS, stream.hashCode());
        block = new BlockReader(stream);
        position = watermark.entry();
        resume(watermark);
    }

    private void resume(final Watermark watermark) {
        committed = watermark;
        lastEvent = watermark.lastEvent();
        counted = watermark.counted();
        duplicates = watermark.duplicates();
        lost = watermark.lost();
    }

    String stream() {
        return stream;
    }

    /** Entries set aside since the last {@link #committed(Watermark)}. */
    List<RejectedEntry> rejected() {
        return rejected;
    }

    /** What is to be committed together with the batch; the outcome of its identified events is not in it. */
    Watermark watermark() {
        // While the stream is read again, its position is no place to go on from after a restart.
        final EntryId entry = endOfPass == null ? position : positionBeforeGap;
        return new Watermark(entry, lastEvent, counted, duplicates, committed.poisoned(), lost);
    }

    /** Whether there is anything to commit. */
    boolean moved() {
        return !watermark().equals(committed);
    }

    /** Whether an answer waits for what a commit would store. */
    boolean isAwaited() {
        return local != null && local.stage(AckLevel.STORED).isWanted() && moved();
    }

    /** Notes that {@link #watermark()} was committed, with the outcome of all events in it. */
    void committed(final Watermark watermark) {
        counters.add(PipelineCounter.DUPLICATE_EVENTS, watermark.duplicates() - committed.duplicates());
        counters.add(PipelineCounter.REFUSED_EVENTS, watermark.poisoned() - committed.poisoned());
        resume(watermark);
        rejected.clear();
    }

    /**
     * Whether to read the stream now: at once if its shipper in this process has appended something, and otherwise less and
     * less often while nothing comes, for most streams of old are silent for good.
     */
    boolean isDue(final long nowNanos) {
        return nowNanos - nextReadNanos >= 0 || endOfPass != null || (local != null && local.streamed() > lastEvent);
    }

    /** Whether it is too early to try again, after it could not be reached. */
    boolean isHeldOff(final long nowNanos) {
        return backoff.holds(nowNanos);
    }

    /** Notes that it could not be reached. */
    void failed(final long nowNanos) {
        backoff.failed(nowNanos);
    }

    /** Notes that it was reached; tells whether it could not be before. */
    boolean reached() {
        return backoff.succeeded();
    }

    /** Reads and folds the next entries. */
    int read(final EventFeed feed, final int maxEntries, final long nowNanos) throws StreamException {
        restRefused = false;
        final int entries = feed.read(stream, position, maxEntries, this);
        pauseNanos = entries > 0 ? 0 : Math.min(MAX_PAUSE_NANOS, Math.max(MIN_PAUSE_NANOS, 2 * pauseNanos));
        nextReadNanos = nowNanos + pauseNanos;
        if (gapMet) {
            endOfPass = feed.last(stream);
            positionBeforeGap = position;
            gapMet = false;
            beginPass();
        } else if (endOfPass != null && (entries == 0 || position.compareTo(endOfPass) >= 0)) {
            passEnded();
        }
        return entries;
    }

    @Override
    public void onEntry(
            final long generation, final long sequence, final DirectBuffer buffer, final int offset, final int length) {
        if (restRefused) {
            return;
        }
        final EntryId id = new EntryId(generation, sequence);
        final String fault = block.wrap(buffer, offset, length);
        if (fault != null) {
            // What stands before the gap was set aside when it was first read.
            if (endOfPass == null || id.compareTo(positionBeforeGap) > 0) {
                reject(id, fault, buffer, offset, length);
            }
        } else if (block.firstSequence() <= lastEvent + 1) {
            fold();
        } else if (endOfPass == null) {
            gapMet(id);
            return;
        } else {
            firstBeyondGap = Math.min(firstBeyondGap, block.firstSequence());
        }
        position = id;
    }

    private void fold() {
        final long skipped = Math.min(lastEvent, block.lastSequence()) - block.firstSequence() + 1;
        for (long i = 0; i < skipped; i++) {
            block.next();
        }
        counters.add(PipelineCounter.REDELIVERED_EVENTS, skipped);
        if (block.lastSequence() <= lastEvent) {
            return;
        }
        EventFlyweight event;
        while ((event = block.next()) != null) {
            switch (batch.add(stream, event)) {
                case COUNTED -> counted++;
                case DUPLICATE -> duplicates++;
                case UNDECIDED -> {} // the window store decides
            }
        }
        counters.increment(PipelineCounter.FOLDED_BLOCKS);
        counters.add(PipelineCounter.FOLDED_EVENTS, block.lastSequence() - lastEvent);
        lastEvent = block.lastSequence();
    }

    private void gapMet(final EntryId id) {
        counters.increment(PipelineCounter.GAPS);
        LOG.warn(
                "{}: entry {} begins with event {}, but {} is next; reading the stream again from its start",
                stream,
                id,
                block.firstSequence(),
                lastEvent + 1);
        gapMet = true;
        restRefused = true;
    }

    private void passEnded() {
        if (firstBeyondGap == Long.MAX_VALUE) {
            endOfPass = null;
            return;
        }
        if (lastEvent == lastEventBeforePass) {
            LOG.error(
                    "{}: events {} to {} are lost: neither the stream nor the journal holds them any more",
                    stream,
                    lastEvent + 1,
                    firstBeyondGap - 1);
            final long missing = firstBeyondGap - lastEvent - 1;
            counters.add(PipelineCounter.LOST_EVENTS, missing);
            lost += missing;
            lastEvent = firstBeyondGap - 1;
        }
        beginPass();
    }

    private void beginPass() {
        firstBeyondGap = Long.MAX_VALUE;
        lastEventBeforePass = lastEvent;
        position = EntryId.ZERO;
    }

    private void reject(
            final EntryId id, final String reason, final DirectBuffer buffer, final int offset, final int length) {
        counters.increment(PipelineCounter.POISON_ENTRIES);
        final byte[] content = new byte[Math.max(0, Math.min(length, MAX_REJECTED_BYTES))];
        buffer.getBytes(offset, content);
        rejected.add(new RejectedEntry(id, reason, ByteBuffer.wrap(content)));
        LOG.warn("{}: entry {} is set aside in millrace:rejected: {}", stream, id, reason);
    }

    /** An entry that does not decode, with the bytes that it held. */
    record RejectedEntry(EntryId id, String reason, ByteBuffer content) {}
}
