package io.millrace.pipeline.window;

import io.millrace.pipeline.Backoff;
import io.millrace.pipeline.Counters;
import io.millrace.pipeline.PipelineCounter;
import io.millrace.pipeline.journal.DamagedRecord;
import io.millrace.pipeline.journal.Journal;
import io.millrace.pipeline.ship.EntryId;
import io.millrace.pipeline.ship.StreamException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.NanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts what failed its check in a journal among the rejected, once the stream store answers. It has no more to do then.
 *
 * <p>The damaged records stay in the journal until that is drained: a start before the end of the report begins it again.
 */
public final class DamageReport implements Agent {
    private static final Logger LOG = LoggerFactory.getLogger(DamageReport.class);
    private static final long MIN_BACKOFF_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long MAX_BACKOFF_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final String stream;
    private final long generation;
    private final Deque<DamagedRecord> damaged;
    private final EventFeed feed;
    private final NanoClock clock;
    private final Counters<PipelineCounter> counters;
    private final Backoff backoff;

    /**
     * Makes the report of one journal.
     *
     * @param feed closed with the report
     * @param counters of the thread that runs this
     */
    public DamageReport(
            final Journal journal,
            final EventFeed feed,
            final Counters<PipelineCounter> counters,
            final NanoClock clock) {
        stream = journal.stream();
        generation = journal.reader().generation();
        damaged = new ArrayDeque<>(journal.damaged());
        this.feed = feed;
        this.counters = counters;
        this.clock = clock;
        backoff = new Backoff(MIN_BACKOFF_NANOS, MAX_BACKOFF_NANOS, stream.hashCode());
    }

    @Override
    public String roleName() {
        return "damage-report";
    }

    @Override
    public int doWork() {
        if (damaged.isEmpty() || backoff.holds(clock.nanoTime())) {
            return 0;
        }
        final DamagedRecord record = damaged.element();
        try {
            final EntryId before = new EntryId(generation, record.afterSequence());
            feed.reject(stream, before, "journal record behind this event: " + record.reason(), record.bytes());
        } catch (final StreamException e) {
            if (backoff.failed(clock.nanoTime())) {
                LOG.warn("{}: damaged records cannot be set aside yet: {}", stream, e.getMessage());
            }
            return 0;
        }
        damaged.remove();
        counters.increment(PipelineCounter.DAMAGED_RECORDS);
        if (damaged.isEmpty()) {
            LOG.warn("{}: what is damaged in its journal is set aside in millrace:rejected", stream);
            feed.close();
        }
        return 1;
    }

    @Override
    public void onClose() {
        feed.close();
    }
}
