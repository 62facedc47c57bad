package io.millrace.server.http;

import io.millrace.pipeline.Counters;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.SingleWriterRecorder;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.NanoClock;

/**
 * What the connections of one event loop share: the endpoint, the reply buffer, the counters, and the lists by which one
 * sweep finds those whose time is up.
 *
 * <p>An iteration of the event loop first reads every socket that is ready and answers into the connections' hands, then
 * wakes the shipper once, then writes to all sockets, one after the other. A peer that is woken by its reply finds the next
 * ones coming and need not be woken for each, which costs the writer more than the write itself.
 *
 * <p>Belongs to the event loop, except for {@link #counters()} and {@link #latencyNanos()}, which any thread may read.
 */
public final class HttpLoop {
    private static final long SWEEP_MILLIS = 250;
    private static final long LINGER_MILLIS = 5000;

    /** Bounds how long the first reply of an iteration waits for the last. */
    private static final int MAX_UNWRITTEN = 64;

    private static final long MAX_UNWRITTEN_READ_BYTES = 1 << 18;

    final HttpLimits limits;
    final BodyBudget budget;
    final Endpoint endpoint;
    final Counters<IngestCounter> counters;
    final ReplyBuffer replyBuffer;
    final AckWaits acks;

    /** Between requests. */
    final DeadlineList idle;
    /** Within a request's head. */
    final DeadlineList inHead;
    /** Within a request's body. */
    final DeadlineList inBody;
    /** Waiting for the peer to read. */
    final DeadlineList stalled;
    /** Waiting for the peer to close. */
    final DeadlineList lingering;

    private final Replies replies;
    private final EpochClock epochClock;
    private final NanoClock nanoClock;
    private final SingleWriterRecorder latencyNanos = new SingleWriterRecorder(2);
    private final int maxConnections;
    private final HttpConnection[] unwritten = new HttpConnection[MAX_UNWRITTEN];
    private final Runnable endIteration = this::endIteration;
    private int unwrittenCount;
    private long readBytes;
    private boolean iterating;
    private long iterationNanos;
    private int connections;
    private boolean draining;
    private Future<?> sweep;

    /**
     * Makes the state of one event loop.
     *
     * @param maxConnections this loop's share of {@link HttpLimits#connections()}
     */
    public HttpLoop(
            final HttpLimits limits,
            final int maxConnections,
            final BodyBudget budget,
            final Endpoint endpoint,
            final Replies replies,
            final Acknowledgements acknowledgements,
            final Counters<IngestCounter> counters,
            final EpochClock epochClock,
            final NanoClock nanoClock) {
        this.limits = limits;
        this.maxConnections = maxConnections;
        this.budget = budget;
        this.endpoint = endpoint;
        this.replies = replies;
        acks = new AckWaits(acknowledgements, counters, nanoClock, latencyNanos);
        this.counters = counters;
        this.epochClock = epochClock;
        this.nanoClock = nanoClock;
        replyBuffer = new ReplyBuffer(replies, counters);
        idle = list(limits.idleTimeMillis());
        inHead = list(limits.headerTimeMillis());
        inBody = list(limits.bodyTimeMillis());
        stalled = list(limits.idleTimeMillis());
        lingering = list(LINGER_MILLIS);
    }

    private static DeadlineList list(final long timeoutMillis) {
        return new DeadlineList(TimeUnit.MILLISECONDS.toNanos(timeoutMillis));
    }

    /** Begins to sweep and to keep the date. To be called on the loop. */
    public void start(final EventLoop eventLoop) {
        replies.date(epochClock.time());
        acks.start(eventLoop);
        sweep = eventLoop.scheduleAtFixedRate(this::sweep, SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** To be called on the loop, when its connections are closed. */
    public void stop() {
        if (sweep != null) {
            sweep.cancel(false);
        }
        acks.stop();
        replies.release();
    }

    /** From now on each reply is its connection's last, and idle connections are closed. To be called on the loop. */
    public void drain() {
        draining = true;
        while (idle.oldest() != null) {
            idle.oldest().close();
        }
    }

    /** How many connections are open. To be called on the loop. */
    public int connections() {
        return connections;
    }

    public Counters<IngestCounter> counters() {
        return counters;
    }

    /** The replies that wait for more than the journal. */
    public AckWaits acks() {
        return acks;
    }

    /** From the first read of an iteration to the writes of its replies, one value for each reply. */
    public SingleWriterRecorder latencyNanos() {
        return latencyNanos;
    }

    boolean draining() {
        return draining;
    }

    long nanoTime() {
        return nanoClock.nanoTime();
    }

    /**
     * Begins an iteration with its first read: one look at each clock for all requests of all its reads.
     *
     * @param afterReads runs what it is given when every socket that is ready has been read: the event loop
     * @return the time of the iteration's first read
     */
    long beginRead(final Executor afterReads) {
        if (!iterating) {
            iterating = true;
            endpoint.received(epochClock.time());
            iterationNanos = nanoClock.nanoTime();
            acks.began(iterationNanos);
            afterReads.execute(endIteration);
        }
        return iterationNanos;
    }

    /** The connection has replies to write, from a read of this many bytes, and waits for the iteration's writes. */
    void writeLater(final HttpConnection connection, final int bytes) {
        unwritten[unwrittenCount++] = connection;
        readBytes += bytes;
        if (unwrittenCount == MAX_UNWRITTEN || readBytes > MAX_UNWRITTEN_READ_BYTES) {
            writeAll();
        }
    }

    private void endIteration() {
        iterating = false;
        writeAll();
    }

    private void writeAll() {
        acks.publish();
        endpoint.readComplete();
        int replies = 0;
        for (int i = 0; i < unwrittenCount; i++) {
            replies += unwritten[i].writeReplies();
            unwritten[i] = null;
        }
        unwrittenCount = 0;
        readBytes = 0;
        if (replies > 0) {
            latencyNanos.recordValueWithCount(Math.max(0, nanoClock.nanoTime() - iterationNanos), replies);
        }
    }

    /** Makes a place for a connection, at the cost of the oldest idle one if there is none; false if nobody is idle. */
    boolean tryOpen() {
        counters.increment(IngestCounter.CONNECTIONS_OPENED);
        connections++;
        if (connections <= maxConnections) {
            return true;
        }
        if (idle.oldest() == null) {
            counters.increment(IngestCounter.CONNECTIONS_REFUSED);
            return false;
        }
        counters.increment(IngestCounter.CONNECTIONS_EVICTED);
        idle.oldest().close();
        return true;
    }

    void closed() {
        counters.increment(IngestCounter.CONNECTIONS_CLOSED);
        connections--;
    }

    private void sweep() {
        replies.date(epochClock.time());
        final long nowNanos = nanoClock.nanoTime();
        for (HttpConnection late = inHead.expired(nowNanos); late != null; late = inHead.expired(nowNanos)) {
            counters.increment(IngestCounter.REQUEST_TIMEOUTS);
            late.refuseLate();
        }
        for (HttpConnection late = inBody.expired(nowNanos); late != null; late = inBody.expired(nowNanos)) {
            counters.increment(IngestCounter.REQUEST_TIMEOUTS);
            late.refuseLate();
        }
        acks.expire(nowNanos);
        closeExpired(idle, nowNanos, IngestCounter.IDLE_TIMEOUTS);
        closeExpired(stalled, nowNanos, IngestCounter.IDLE_TIMEOUTS);
        for (HttpConnection late = lingering.expired(nowNanos); late != null; late = lingering.expired(nowNanos)) {
            late.close();
        }
    }

    private void closeExpired(final DeadlineList list, final long nowNanos, final IngestCounter counter) {
        for (HttpConnection late = list.expired(nowNanos); late != null; late = list.expired(nowNanos)) {
            counters.increment(counter);
            late.close();
        }
    }
}
