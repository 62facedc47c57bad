package io.millrace.server.http;

import java.util.concurrent.atomic.AtomicLong;

/** How many bytes of unfinished requests and of decompressed bodies the process may hold. Thread-safe. */
public final class BodyBudget {
    private final long capacityBytes;
    private final AtomicLong free;

    public BodyBudget(final long capacityBytes) {
        this.capacityBytes = capacityBytes;
        free = new AtomicLong(capacityBytes);
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

    /** Bytes that may be taken in all. */
    public long capacityBytes() {
        return capacityBytes;
    }

    /** Bytes that may still be taken. */
    public long freeBytes() {
        return free.get();
    }
}
