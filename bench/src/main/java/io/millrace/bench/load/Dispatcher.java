package io.millrace.bench.load;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Brings together requests that are due and connections that have room. Connections take turns; one that is at it takes all
 * that is due, up to the depth of its pipeline, in one write.
 *
 * <p>Belongs to the load's thread. The time is given, never asked for: see {@link LoadLoop} for the clock.
 */
final class Dispatcher {
    private final Arrivals arrivals;
    private final LoadMeter meter;
    private final int pipeline;
    private final long timeoutNanos;
    private final Queue<LoadConnection> ready = new ArrayDeque<>();

    Dispatcher(final Arrivals arrivals, final LoadMeter meter, final Pace pace) {
        this.arrivals = arrivals;
        this.meter = meter;
        pipeline = pace.pipeline();
        timeoutNanos = pace.timeout().toNanos();
    }

    /** The connection has room. */
    void ready(final LoadConnection connection, final long nowNanos) {
        if (connection.enqueue(nowNanos)) {
            ready.add(connection);
        }
    }

    /** Sends what is due, as far as there are connections. */
    void dispatch(final long nowNanos) {
        dropLate(nowNanos);
        for (int due = arrivals.due(nowNanos, pipeline); due > 0; due = arrivals.due(nowNanos, pipeline)) {
            final LoadConnection connection = ready.poll();
            if (connection == null) {
                return;
            }
            final int room = connection.dequeue();
            if (room > 0) {
                connection.send(arrivals, Math.min(due, room), nowNanos);
                ready(connection, nowNanos);
            }
        }
    }

    /** Requests whose time was over before a connection had room for them. */
    private void dropLate(final long nowNanos) {
        while (arrivals.open() && !arrivals.exhausted(nowNanos) && nowNanos - arrivals.nextNanos() > timeoutNanos) {
            meter.neverSent(arrivals.take(nowNanos), nowNanos);
        }
    }

    /**
     * How long there will be nothing to send if no answer comes.
     *
     * @return nanoseconds, at most {@code mostNanos}; negative if a request is overdue
     */
    long idleNanos(final long nowNanos, final long mostNanos) {
        if (!arrivals.open() || arrivals.exhausted(nowNanos) || ready.isEmpty()) {
            return mostNanos;
        }
        return Math.min(mostNanos, arrivals.nextNanos() - nowNanos);
    }
}
