package io.millrace.server.admin;

import org.agrona.concurrent.NanoClock;

/** A clock that stands still until it is moved. Used by one thread. */
final class ManualNanoClock implements NanoClock {
    private long nowNanos;

    @Override
    public long nanoTime() {
        return nowNanos;
    }

    void advance(final long nanos) {
        nowNanos += nanos;
    }
}
