package io.millrace.server.http;

import java.util.concurrent.atomic.AtomicLong;

/** How many bytes of unfinished requests the process may hold. Thread-safe. */
public final class BodyBudget {
    private final AtomicLong free;

    public BodyBudget(final long bytes) {
        free = new AtomicLong(bytes);
    }

    boolean tryTake(final int bytes) {
        if (free.addAndGet(-bytes) < 0) {
            free.addAndGet(bytes);
            return false;
        }
        return true;
    }

    void giveBack(final int bytes) {
        free.addAndGet(bytes);
    }

    /** Bytes that may still be taken. */
    public long freeBytes() {
        return free.get();
    }
}
