package io.millrace.pipeline.ship;

import io.millrace.pipeline.AckLevel;
import io.millrace.pipeline.Backoff;
import io.millrace.pipeline.Counters;
import io.millrace.pipeline.PipelineCounter;
import io.millrace.pipeline.Progress;
import io.millrace.pipeline.Stage;
import io.millrace.pipeline.journal.Journal;
import io.millrace.pipeline.journal.JournalReader;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.HdrHistogram.SingleWriterRecorder;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.NanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries one journal's events into its stream, and frees what is safe elsewhere.
 *
 * <p>Each step takes whatever the journal holds, up to the length of a block, sends it in one append and waits for the
 * answer. One block is in flight at a time: under load the block grows instead of a queue ("smart batching"). What comes
 * soon after a block that was not full lingers, to go in one block with what follows it: an append costs the processor the
 * same for one event as for a hundred. What an answer waits for does not linger.
 *
 * <ol>
 *   <li>Events reach the stream in the order of their sequences. A repeat is possible after an error and harmless: the
 *       aggregator folds by sequence.
 *   <li>After every error and every nil reply, and before the first append, it asks what the stream holds and goes on with
 *       the first record above it. It never guesses from the text of an error.
 *   <li>A record is freed some time after the window store has it. If the journal is more than half full, that time is not
 *       waited for, and a record that only the stream store has goes too, if what that confirmed outlives its crashes.
 *   <li>A stream that holds more of this journal's sequences than the journal has written is not this journal's:
 *       the shipper refuses, and frees nothing. Only a journal that is drained may be older than its stream.
 * </ol>
 */
public final class Shipper implements Agent {
    private static final Logger LOG = LoggerFactory.getLogger(Shipper.class);
    private static final long MIN_BACKOFF_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long MAX_BACKOFF_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long UNREAD_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final String name;
    private final Journal journal;
    private final JournalReader reader;
    private final Progress progress;
    private final Stage confirmed;
    private final EventStream stream;
    private final Settings settings;
    private final NanoClock clock;
    private final Runnable onStreamed;
    private final Counters<PipelineCounter> counters = new Counters<>(PipelineCounter.class);
    private final BlockBuilder block;
    private final Backoff backoff;

    private final KeptRecords kept;
    private final StoredAges ages;
    private boolean durable;
    private boolean isAnothers;
    private long lingerEndNanos;
    private long nextBookmarkNanos;
    private long unreadSinceNanos;
    private volatile State state = State.RESYNC;

    /**
     * Makes a shipper that has not asked its stream yet.
     *
     * @param stream the journal's stream; closed with the shipper
     * @param onStreamed run after each confirmed block, on the shipper's thread
     */
    public Shipper(
            final Journal journal,
            final EventStream stream,
            final Settings settings,
            final NanoClock clock,
            final Runnable onStreamed) {
        this.name = "shipper-" + journal.stream();
        this.journal = journal;
        this.reader = journal.reader();
        this.progress = journal.progress();
        this.confirmed = progress.stage(AckLevel.STREAM);
        this.stream = stream;
        this.settings = settings;
        this.clock = clock;
        this.onStreamed = onStreamed;
        block = new BlockBuilder(journal.stream(), settings.blockBytes());
        backoff = new Backoff(
                MIN_BACKOFF_NANOS, MAX_BACKOFF_NANOS, journal.stream().hashCode());
        kept = new KeptRecords(reader, progress, settings.keepNanos());
        nextBookmarkNanos = clock.nanoTime();
        ages = new StoredAges(progress, nextBookmarkNanos);
        lingerEndNanos = nextBookmarkNanos;
        unreadSinceNanos = nextBookmarkNanos;
    }

    /**
     * How a shipper works.
     *
     * @param purpose what becomes of the journal
     * @param storedSource where to learn, at present, what the window store has
     * @param blockBytes length of a block that takes no further record
     * @param lingerNanos the least time between a block that was not full and the next; may be 0
     * @param bookmarkIntervalNanos how often to ask for the bookmark, where that is the source
     * @param keepNanos how long records that the window store has are kept while there is room
     */
    public record Settings(
            Purpose purpose,
            Supplier<StoredSource> storedSource,
            int blockBytes,
            long lingerNanos,
            long bookmarkIntervalNanos,
            long keepNanos) {}

    /** What becomes of a journal. */
    public enum Purpose {
        /** It is written on. */
        LIVE,
        /** Nobody writes to it any more: it and its stream are removed when the window store has its last event. */
        DRAIN
    }

    /** Where a shipper learns what the window store has. */
    public enum StoredSource {
        /** An aggregator in this process owns the stream, and moves the journal's progress. */
        IN_PROCESS,
        /** An aggregator elsewhere does: the stream's bookmark tells. */
        BOOKMARK
    }

    /** What a shipper is about. */
    public enum State {
        /** It has to ask what its stream holds. */
        RESYNC,
        /** It appends. */
        SHIPPING,
        /** The stream is another journal's, or holds what this one has not written. */
        REFUSING,
        /** The journal was drained and removed. */
        DONE
    }

    @Override
    public String roleName() {
        return name;
    }

    /** What the shipper is about. Any thread. */
    public State state() {
        return state;
    }

    public Counters<PipelineCounter> counters() {
        return counters;
    }

    /**
     * How old events were when the window store had them, in nanoseconds: never less than the truth, and more by the time between
     * two steps of the shipper, or by what its stored source takes to tell.
     */
    public SingleWriterRecorder storedAgeNanos() {
        return ages.nanos();
    }

    public Journal journal() {
        return journal;
    }

    @Override
    public int doWork() {
        if (state == State.DONE) {
            return 0;
        }
        final long nowNanos = clock.nanoTime();
        ages.look(nowNanos);
        int work = free(nowNanos);
        if (backoff.holds(nowNanos)) {
            return work;
        }
        try {
            if (state != State.SHIPPING) {
                resync(nowNanos);
                work++;
            } else {
                work += ship(nowNanos);
            }
            if (state == State.SHIPPING) {
                readBookmark(nowNanos);
                removeIfDrained();
            }
        } catch (final UnconfirmedException e) {
            counters.increment(PipelineCounter.REPLICA_SHORTFALLS);
            failed(e);
        } catch (final StreamException e) {
            failed(e);
        }
        return work;
    }

    @Override
    public void onClose() {
        stream.close();
    }

    private int ship(final long nowNanos) throws StreamException {
        if (nowNanos - lingerEndNanos < 0 && !confirmed.isWanted()) {
            return 0;
        }
        block.clear();
        if (reader.peek(block) == 0) {
            if (settings.purpose() == Purpose.LIVE || progress.streamed() >= progress.accepted()) {
                recovered();
                return 0;
            }
            // The last records of the journal failed their check: without a mark behind them nobody would miss them.
            block.mark(progress.accepted() + 1);
        }
        block.finish();
        final long lastSequence = block.lastSequence();
        final EntryId id = new EntryId(reader.generation(), lastSequence);
        if (!stream.append(id, block.buffer(), 0, block.length())) {
            LOG.warn("{} vanished; shipping again what the journal still holds", journal.stream());
            state = State.RESYNC;
            return 1;
        }
        reader.advance();
        progress.streamed(lastSequence);
        lingerEndNanos = block.isFull() ? nowNanos : clock.nanoTime() + settings.lingerNanos();
        counters.increment(PipelineCounter.SHIPPED_BLOCKS);
        counters.add(PipelineCounter.SHIPPED_EVENTS, block.count());
        counters.add(PipelineCounter.SHIPPED_BYTES, block.length());
        recovered();
        onStreamed.run();
        return block.count();
    }

    private void resync(final long nowNanos) throws StreamException {
        final StreamState held = stream.resync();
        counters.increment(PipelineCounter.RESYNCS);
        // Once another's, never ours: with a stream that was lost and made anew, the sequences counted from it are not.
        isAnothers = isAnothers || !stream.claim(journal.id());
        if (isAnothers) {
            refuse("it is another journal's: another server has this --node, or its data folder was lost", nowNanos);
            return;
        }
        final long generation = reader.generation();
        final EntryId last = held.lastGenerated();
        if (last.generation() == generation && Long.compareUnsigned(last.sequence(), progress.accepted()) > 0) {
            if (settings.purpose() == Purpose.LIVE || !journal.mayLackItsEnd()) {
                refuse(
                        "it holds entry " + last + ", but this journal has written only " + progress.accepted()
                                + " events: another one writes there, or this is an older copy of one that did",
                        nowNanos);
                return;
            }
            // A power loss took the journal's tail, and the stream has it: what is to be drained ends there.
            progress.accepted(last.sequence());
        }
        journal.bar(false);
        noteBookmark(held.bookmark());
        long streamed = reader.freedSequence();
        if (last.generation() == generation) {
            streamed = Math.max(streamed, last.sequence());
        } else if (Long.compareUnsigned(last.generation(), generation) > 0) {
            // Somebody else wrote to the stream: entries must go on above that, and what it holds of ours is unknown.
            reader.generation(last.generation() + 1);
        } else if (last.equals(EntryId.ZERO) && mayHaveShipped()) {
            // All is gone, and comes again above where the aggregator has read to: it sees it, and sets the bookmark
            // anew.
            reader.generation(generation + 1);
        }
        reader.seek(streamed);
        progress.streamed(streamed);
        durable = held.durable();
        state = State.SHIPPING;
        unreadSinceNanos = nowNanos;
    }

    private boolean mayHaveShipped() {
        return progress.streamed() > 0 || reader.freedSequence() > 0 || journal.recoveredEvents() > 0;
    }

    /** After a failure it is not enough that the stream answers: it must take what there is. */
    private void recovered() {
        if (backoff.succeeded()) {
            LOG.info(
                    "{} is back; it holds events up to {} of {}",
                    journal.stream(),
                    progress.streamed(),
                    progress.accepted());
        }
    }

    private void removeIfDrained() throws StreamException {
        if (settings.purpose() != Purpose.DRAIN || kept.safeSequence() < progress.accepted()) {
            return;
        }
        stream.remove();
        state = State.DONE;
        try {
            journal.removeFile();
            LOG.info("{} is drained to its last event and removed, with its journal", journal.stream());
        } catch (final IOException e) {
            LOG.warn("{} is drained, but its journal {} cannot be removed: {}", journal.stream(), journal.path(), e);
        }
    }

    /** An event that it took would bear a sequence that another has in the stream, and be taken for that one. */
    private void refuse(final String why, final long nowNanos) {
        journal.bar(true);
        if (backoff.failed(nowNanos)) {
            LOG.error(
                    "{} is refused: {}. No event is taken, shipped or freed; move {} away",
                    journal.stream(),
                    why,
                    journal.path());
        }
        state = State.REFUSING;
    }

    private void readBookmark(final long nowNanos) throws StreamException {
        if (settings.storedSource().get() != StoredSource.BOOKMARK || progress.stored() >= progress.streamed()) {
            unreadSinceNanos = nowNanos;
        } else if (nowNanos - unreadSinceNanos >= UNREAD_NANOS) {
            // Nobody seems to read it: it may be listed no more.
            state = State.RESYNC;
        } else if (nowNanos - nextBookmarkNanos >= 0) {
            nextBookmarkNanos = nowNanos + settings.bookmarkIntervalNanos();
            final long stored = progress.stored();
            noteBookmark(stream.bookmark());
            unreadSinceNanos = progress.stored() > stored ? nowNanos : unreadSinceNanos;
        }
    }

    private void noteBookmark(final EntryId bookmark) {
        // An entry of another generation may be anybody's; one above the journal's last event is not ours.
        if (settings.storedSource().get() == StoredSource.BOOKMARK
                && bookmark.generation() == reader.generation()
                && bookmark.sequence() > progress.stored()
                && bookmark.sequence() <= progress.accepted()) {
            progress.storedAtLeast(bookmark.sequence());
        }
    }

    private int free(final long nowNanos) {
        kept.note(nowNanos);
        if (state == State.REFUSING) {
            return 0;
        }
        final long bytes = kept.free(durable && state == State.SHIPPING);
        if (bytes == 0) {
            return 0;
        }
        counters.add(PipelineCounter.FREED_BYTES, bytes);
        return 1;
    }

    private void failed(final StreamException e) {
        counters.increment(PipelineCounter.SHIP_FAILURES);
        if (state != State.REFUSING) {
            state = State.RESYNC;
        }
        if (backoff.failed(clock.nanoTime())) {
            LOG.warn("{}: {}; trying again until it is back", journal.stream(), e.getMessage());
        }
    }
}
