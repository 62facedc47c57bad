package io.millrace.server.http;

import io.millrace.pipeline.AckLevel;
import io.millrace.pipeline.Counters;
import io.millrace.pipeline.Progress;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.HdrHistogram.SingleWriterRecorder;
import org.agrona.concurrent.NanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the replies of one event loop wait for what was asked for: that the journal was forced, that the stream or the window
 * store has their events.
 *
 * <ol>
 *   <li>At the end of an iteration the agents of each level that a reply began to wait for are told to hurry, once.
 *   <li>An agent that gets as far as the first reply of a level wakes the loop, once, by a task; the task settles all that have
 *       got so far. While nobody waits an agent finds that out by one read, and the loop does nothing at all.
 *   <li>A reply whose time is up is settled by the loop's sweep, and says how far its events have got. What was committed is
 *       never refused.
 * </ol>
 *
 * <p>Belongs to the event loop, except for {@link #waiting} and {@link #waitNanos}.
 */
public final class AckWaits {
    private static final Logger LOG = LoggerFactory.getLogger(AckWaits.class);
    private static final int MAX_POOLED = 1024;

    private final Progress progress;
    private final Consumer<AckLevel> hurry;
    private final long timeoutNanos;
    private final Counters<IngestCounter> counters;
    private final NanoClock clock;
    private final SingleWriterRecorder latencyNanos;
    private final HeldQueue[] queues;
    private final ArrayDeque<Outbox> settled = new ArrayDeque<>();
    private final ArrayDeque<HeldReply> pool = new ArrayDeque<>();
    private final Runnable release = this::release;
    private final Runnable wake = this::wake;
    private boolean fresh;
    private volatile Executor executor;
    private long nowNanos;

    /**
     * Makes it for one event loop.
     *
     * @param latencyNanos gets the time from the read that brought the request to the write of the reply
     */
    AckWaits(
            final Acknowledgements acknowledgements,
            final Counters<IngestCounter> counters,
            final NanoClock clock,
            final SingleWriterRecorder latencyNanos) {
        progress = acknowledgements.progress();
        hurry = acknowledgements.hurry();
        timeoutNanos = acknowledgements.timeoutNanos();
        this.counters = counters;
        this.clock = clock;
        this.latencyNanos = latencyNanos;
        queues = new HeldQueue[] {queue(AckLevel.DISK), queue(AckLevel.STREAM), queue(AckLevel.STORED)};
    }

    private HeldQueue queue(final AckLevel level) {
        return new HeldQueue(level, progress.stage(level));
    }

    /** How many replies wait for a level. Any thread. */
    public int waiting(final AckLevel level) {
        return queueOf(level).size();
    }

    /** How long replies waited for a level, reached or not. One reader may take intervals of it. */
    public SingleWriterRecorder waitNanos(final AckLevel level) {
        return queueOf(level).waitNanos;
    }

    /** Says where to run what an agent wakes the loop for. */
    void start(final Executor executor) {
        this.executor = executor;
    }

    /** Nobody is to be woken any more: the loop ends, and all its connections are closed. */
    void stop() {
        for (final HeldQueue queue : queues) {
            queue.stage.awaitNothing();
        }
    }

    /** What comes from now on waits from now on. */
    void began(final long nowNanos) {
        this.nowNanos = nowNanos;
    }

    /** A new reply that waits; its place in the outbox is the caller's to fill in. */
    HeldReply hold(final Outbox outbox, final AckLevel level, final long sequence) {
        final HeldReply pooled = pool.poll();
        final HeldReply reply = pooled == null ? new HeldReply() : pooled;
        reply.outbox = outbox;
        reply.level = level;
        reply.sequence = sequence;
        reply.sinceNanos = nowNanos;
        reply.settled = false;
        reply.late = null;
        reply.behind = null;
        queueOf(level).add(reply);
        fresh = true;
        return reply;
    }

    /** A settled reply is about to be written. */
    void sent(final HeldReply reply) {
        latencyNanos.recordValue(Math.max(0, clock.nanoTime() - reply.sinceNanos));
        recycle(reply);
    }

    /** A reply is not to be written any more, settled or not. */
    void forget(final HeldReply reply) {
        if (!reply.settled) {
            queueOf(reply.level).remove(reply);
        }
        recycle(reply);
    }

    private void recycle(final HeldReply reply) {
        reply.outbox = null;
        reply.behind = null;
        if (pool.size() < MAX_POOLED) {
            pool.push(reply);
        }
    }

    /** Tells the agents what replies began to wait for in this iteration. */
    void publish() {
        if (!fresh) {
            return;
        }
        fresh = false;
        for (final HeldQueue queue : queues) {
            if (queue.fresh) {
                queue.fresh = false;
                tell(queue);
            }
        }
    }

    private void tell(final HeldQueue queue) {
        if (queue.last() == null) {
            // Its connection has been closed meanwhile.
            return;
        }
        progress.want(queue.level, queue.last().sequence);
        hurry.accept(queue.level);
        if (!queue.stage.await(queue.first().sequence, wake)) {
            wake();
        }
    }

    /** Settles the replies whose time is up. */
    void expire(final long nowNanos) {
        for (final HeldQueue queue : queues) {
            for (HeldReply first = queue.first();
                    first != null && nowNanos - first.sinceNanos >= timeoutNanos;
                    first = queue.first()) {
                if (first.sequence <= queue.stage.reached()) {
                    settleInTime(queue, first, nowNanos);
                } else {
                    first.late = progress.level(first.sequence);
                    counters.increment(IngestCounter.ACK_TIMEOUTS);
                    settle(queue, first, nowNanos);
                }
            }
        }
        sendSettled();
    }

    private void release() {
        final long nowNanos = clock.nanoTime();
        for (final HeldQueue queue : queues) {
            do {
                final long reached = queue.stage.reached();
                for (HeldReply first = queue.first();
                        first != null && first.sequence <= reached;
                        first = queue.first()) {
                    settleInTime(queue, first, nowNanos);
                }
                // Passed meanwhile, if there is another one to wait for: then once more.
            } while (queue.first() != null && !queue.stage.await(queue.first().sequence, wake));
        }
        sendSettled();
    }

    private void settleInTime(final HeldQueue queue, final HeldReply reply, final long nowNanos) {
        counters.increment(IngestCounter.ofAck(queue.level));
        settle(queue, reply, nowNanos);
    }

    private void settle(final HeldQueue queue, final HeldReply reply, final long nowNanos) {
        queue.remove(reply);
        queue.waitNanos.recordValue(Math.max(0, nowNanos - reply.sinceNanos));
        reply.settled = true;
        final Outbox outbox = reply.outbox;
        if (outbox.first() == reply && !outbox.queued) {
            outbox.queued = true;
            settled.add(outbox);
        }
    }

    private void sendSettled() {
        for (Outbox outbox = settled.poll(); outbox != null; outbox = settled.poll()) {
            outbox.queued = false;
            outbox.send();
        }
    }

    /** Any thread. */
    private void wake() {
        try {
            executor.execute(release);
        } catch (final RejectedExecutionException e) {
            // It ended while the agent was about to: all its connections are closed, nobody waits.
            LOG.debug("woken after its end", e);
        }
    }

    private HeldQueue queueOf(final AckLevel level) {
        return queues[level.ordinal() - AckLevel.DISK.ordinal()];
    }
}
