package io.millrace.bench.load;

import io.netty.buffer.ByteBuf;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.NanoClock;

/**
 * What the connections of a load share: the writer of requests, the books, the listener, and the dispatcher that gives them
 * their work.
 *
 * <p>Belongs to the load's thread.
 */
final class LoadContext {
    private static final int READ_BYTES = 65536;

    private final LoadPlan plan;
    private final LoadListener listener;
    private final LoadMeter meter;
    private final NanoClock nanoClock;
    private final EpochClock epochClock;
    private final RequestWriter writer;
    private final ReplyHeads heads = new ReplyHeads();
    private final Set<LoadConnection> connections = new HashSet<>();
    private final Ends ends;
    private final int eventsPerRequest;
    private byte[] readBuffer = new byte[READ_BYTES];
    private Dispatcher dispatcher;
    private long outstanding;
    private String misunderstood = "";
    private Throwable failure;

    LoadContext(
            final LoadPlan plan,
            final LoadListener listener,
            final LoadMeter meter,
            final NanoClock nanoClock,
            final EpochClock epochClock,
            final Ends ends) {
        this.plan = plan;
        this.listener = listener;
        this.meter = meter;
        this.nanoClock = nanoClock;
        this.epochClock = epochClock;
        this.ends = ends;
        writer = new RequestWriter(plan, new EventSource(plan.events(), plan.firstEvent(), epochClock.time()));
        eventsPerRequest = writer.events();
    }

    /** From now on connections get work. */
    void begin(final Dispatcher dispatcher) {
        this.dispatcher = dispatcher;
        final long nowNanos = nanoTime();
        connections.forEach(connection -> dispatcher.ready(connection, nowNanos));
    }

    void opened(final LoadConnection connection) {
        connections.add(connection);
        meter.connected(true);
        if (dispatcher != null) {
            dispatcher.ready(connection, nanoTime());
        }
    }

    void closed(final LoadConnection connection) {
        connections.remove(connection);
        ends.closed(connection.hasAnswered());
    }

    /** The connection has read all that there was. */
    void received(final LoadConnection connection, final long nowNanos) {
        if (dispatcher != null) {
            dispatcher.ready(connection, nowNanos);
            dispatcher.dispatch(nowNanos);
        }
    }

    /** Appends the next request; returns the number of its first event. */
    long write(final ByteBuf out, final long dueNanos, final long latenessNanos) {
        final long firstEvent = writer.nextEvent();
        listener.sent(firstEvent, eventsPerRequest);
        meter.sent(dueNanos, latenessNanos, eventsPerRequest);
        writer.write(out, epochClock.time());
        outstanding++;
        return firstEvent;
    }

    void answered(final long dueNanos, final long nowNanos, final long firstEvent, final Reply reply) {
        outstanding--;
        meter.answered(dueNanos, nowNanos, reply.status(), eventsPerRequest, reply.accepted(eventsPerRequest));
        if (plan.requests().ack().isPresent() && reply.belowLevel()) {
            meter.belowLevel(dueNanos);
        }
        listener.answered(firstEvent, eventsPerRequest, reply);
    }

    void lost(final long dueNanos, final long nowNanos, final long firstEvent, final LossCause cause) {
        outstanding--;
        meter.lost(dueNanos, nowNanos, eventsPerRequest, cause);
        listener.lost(firstEvent, eventsPerRequest, cause);
    }

    /** The first of what is no reply is kept, for whoever wonders. */
    void misunderstood(final String what) {
        if (misunderstood.isEmpty()) {
            misunderstood = what;
        }
    }

    void fail(final Throwable cause) {
        failure = cause;
    }

    /** Ends connections whose oldest request was due before then. */
    void closeLate(final long nanos) {
        List.copyOf(connections).forEach(connection -> connection.closeIfDueBefore(nanos));
    }

    void closeAll() {
        List.copyOf(connections).forEach(LoadConnection::close);
    }

    boolean hasConnections() {
        return !connections.isEmpty();
    }

    /** Requests that have been written and neither answered nor lost. */
    long outstanding() {
        return outstanding;
    }

    /** What ended the load; null if nothing did. */
    Throwable failure() {
        return failure;
    }

    /** The first thing that was no reply; empty if there was none. */
    String firstMisunderstood() {
        return misunderstood;
    }

    long nanoTime() {
        return nanoClock.nanoTime();
    }

    int pipeline() {
        return plan.pace().pipeline();
    }

    ReplyHeads heads() {
        return heads;
    }

    int maxRequestBytes() {
        return writer.maxBytes();
    }

    /** Where a read is copied to: the scanner compares arrays. */
    byte[] readBuffer(final int bytes) {
        if (bytes > readBuffer.length) {
            readBuffer = new byte[bytes];
        }
        return readBuffer;
    }

    /** Is told of the end of connections. */
    @FunctionalInterface
    interface Ends {
        /**
         * One has ended.
         *
         * @param served whether the server ever answered on it
         */
        void closed(boolean served);
    }
}
