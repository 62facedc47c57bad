package io.millrace.bench.load;

import java.util.concurrent.TimeUnit;

/**
 * When each request is due. In an open loop the n-th is due at a time that nothing changes; in a closed one always now, until
 * the time is over or enough have been taken.
 *
 * <p>Not thread-safe.
 */
final class Arrivals {
    private final boolean open;
    private final double nanosBetween;
    private final long startNanos;
    private final long endNanos;
    private final long measureFromNanos;
    /** Requests to take: all of an open loop, the measured ones of a closed one. */
    private final long requests;

    private long taken;
    private long measured;
    private boolean stopped;

    Arrivals(final Pace pace, final long startNanos) {
        final long warmupNanos = pace.warmup().toNanos();
        open = pace.isOpen();
        nanosBetween = open ? TimeUnit.SECONDS.toNanos(1) / pace.ratePerSecond() : 0;
        this.startNanos = startNanos;
        measureFromNanos = startNanos + warmupNanos;
        endNanos = measureFromNanos
                + (pace.requests() > 0 ? Long.MAX_VALUE / 2 : pace.duration().toNanos());
        if (!open) {
            requests = pace.requests() > 0 ? pace.requests() : Long.MAX_VALUE;
        } else {
            final long before = (long) Math.ceil(warmupNanos / nanosBetween);
            requests = pace.requests() > 0
                    ? before + pace.requests()
                    : (long) Math.ceil((warmupNanos + pace.duration().toNanos()) / nanosBetween);
        }
    }

    /** How many requests are due and not taken, at most {@code most}. */
    int due(final long nowNanos, final int most) {
        if (exhausted(nowNanos)) {
            return 0;
        }
        if (!open) {
            return (int) Math.min(most, requests - measured);
        }
        int due = 0;
        while (due < most && taken + due < requests && at(taken + due) - nowNanos <= 0) {
            due++;
        }
        return due;
    }

    /** Takes the next request; returns when it was due. */
    long take(final long nowNanos) {
        final long dueNanos = open ? at(taken) : nowNanos;
        taken++;
        if (dueNanos - measureFromNanos >= 0) {
            measured++;
        }
        return dueNanos;
    }

    /** When the next request is due, if one is to come and the loop is open. */
    long nextNanos() {
        return at(taken);
    }

    /** Whether no request will be due any more. */
    boolean exhausted(final long nowNanos) {
        return stopped || (open ? taken >= requests : measured >= requests || nowNanos - endNanos >= 0);
    }

    /** No request will be due any more, those not taken included. */
    void stop() {
        stopped = true;
    }

    boolean open() {
        return open;
    }

    long measureFromNanos() {
        return measureFromNanos;
    }

    /** Requests of an open loop that are due and have not been taken. */
    long backlog(final long nowNanos) {
        if (!open || exhausted(nowNanos)) {
            return 0;
        }
        final long due = (long) ((nowNanos - startNanos) / nanosBetween) + 1;
        return Math.max(0, Math.min(requests, due) - taken);
    }

    private long at(final long n) {
        return startNanos + (long) (n * nanosBetween);
    }
}
