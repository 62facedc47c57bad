package io.millrace.bench.day;

import io.millrace.bench.load.EventShape;
import io.millrace.bench.load.EventSource;
import io.millrace.bench.load.ReplyHeads;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends a number of events as fast as the server takes them, from one thread: while the server works on the burst of one
 * connection, the next one's is filled. Events get the time at which their request is filled.
 *
 * <p>{@link #run} belongs to one thread; {@link #sent()} and {@link #close()} are for any.
 */
final class DayGenerator implements AutoCloseable {
    /** Events of a request. */
    static final int BATCH = 200;

    /** In each burst: 140 kB, which the sockets of both sides hold. */
    private static final int REQUESTS = 8;

    private static final int CONNECTIONS = 8;
    /** The journal was full: what it takes a server to make room in it for some bursts. */
    private static final long SHED_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final long requests;
    private final EventSource source;
    private final DayModel model;
    private final List<DayConnection> connections = new ArrayList<>();
    private long filled;
    private long shedRequests;
    private volatile long answered;

    /** Connects. */
    DayGenerator(final InetSocketAddress address, final EventShape shape, final DayModel model, final long events)
            throws IOException {
        if (events % BATCH != 0) {
            throw new IllegalArgumentException("not whole requests of " + BATCH + ": " + events);
        }
        requests = events / BATCH;
        source = new EventSource(shape, 0, 0);
        this.model = model;
        final EventLine line = new EventLine(shape);
        final String authority = address.getAddress().getHostAddress() + ':' + address.getPort();
        final ReplyHeads heads = new ReplyHeads();
        for (int i = 0; i < CONNECTIONS; i++) {
            connections.add(
                    new DayConnection(address, new Burst(line, authority, REQUESTS, BATCH), REQUESTS, BATCH, heads));
        }
    }

    /** Sends all, and returns when the last request is answered. */
    void run() throws IOException {
        final int[] outstanding = new int[CONNECTIONS];
        long settled = 0;
        boolean idle = false;
        while (!idle) {
            idle = true;
            for (int i = 0; i < CONNECTIONS; i++) {
                final DayConnection connection = connections.get(i);
                settle(connection);
                settled += outstanding[i];
                answered = settled;
                outstanding[i] = (int) Math.min(REQUESTS, requests - filled);
                if (outstanding[i] > 0) {
                    fill(connection.burst(), outstanding[i]);
                    connection.send(outstanding[i]);
                    idle = false;
                }
            }
        }
    }

    /** Waits until all that the connection has sent is accepted. */
    private void settle(final DayConnection connection) throws IOException {
        for (int shed = connection.awaitReplies(); shed > 0; shed = connection.awaitReplies()) {
            shedRequests += shed;
            LockSupport.parkNanos(SHED_PAUSE_NANOS);
            connection.sendShed();
        }
    }

    private void fill(final Burst burst, final int count) {
        final long epochMillis = System.currentTimeMillis();
        final DayModel.Window counts = model.at(epochMillis);
        for (int request = 0; request < count; request++) {
            burst.fill(request, source, epochMillis, counts);
        }
        filled += count;
    }

    /** Events that were accepted so far. */
    long sent() {
        return answered * BATCH;
    }

    /** How often a request was shed; after {@link #run}. */
    long shedRequests() {
        return shedRequests;
    }

    /** Ends a run that is under way, too. */
    @Override
    public void close() throws IOException {
        for (final DayConnection connection : connections) {
            connection.close();
        }
    }
}
