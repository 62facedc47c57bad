package io.millrace.bench.load;

/**
 * The requests of one connection that have been sent and not answered, oldest first: replies come in the order of requests
 * (RFC 9112, 9.3.2).
 *
 * <p>Not thread-safe; allocates nothing after its construction.
 */
final class PendingRequests {
    private final long[] dueNanos;
    private final long[] firstEvents;
    private final int mask;
    private int head;
    private int tail;

    PendingRequests(final int capacity) {
        final int size = Integer.highestOneBit(Math.max(1, 2 * capacity - 1));
        dueNanos = new long[size];
        firstEvents = new long[size];
        mask = size - 1;
    }

    void add(final long dueNanos, final long firstEvent) {
        this.dueNanos[tail & mask] = dueNanos;
        firstEvents[tail & mask] = firstEvent;
        tail++;
    }

    /** When the oldest was due. */
    long dueNanos() {
        return dueNanos[head & mask];
    }

    /** The first event of the oldest. */
    long firstEvent() {
        return firstEvents[head & mask];
    }

    /** Removes the oldest. */
    void remove() {
        head++;
    }

    int size() {
        return tail - head;
    }
}
