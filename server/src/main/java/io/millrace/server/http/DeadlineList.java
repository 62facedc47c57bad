package io.millrace.server.http;

/**
 * The connections that wait for the same kind of thing, the one that waits longest first. As all may wait equally long,
 * the order of entry is the order of the deadlines.
 *
 * <p>Not thread-safe: belongs to an event loop. Entering and leaving cost a few stores; the links are in the connections.
 */
final class DeadlineList {
    final long timeoutNanos;
    private HttpConnection head;
    private HttpConnection tail;

    DeadlineList(final long timeoutNanos) {
        this.timeoutNanos = timeoutNanos;
    }

    /** The one that waits longest, or null. */
    HttpConnection oldest() {
        return head;
    }

    /** The longest waiting one if its time is up, or null. */
    HttpConnection expired(final long nowNanos) {
        return head != null && nowNanos - head.waitingSinceNanos >= timeoutNanos ? head : null;
    }

    void enter(final HttpConnection connection, final long nowNanos) {
        connection.waitingSinceNanos = nowNanos;
        connection.list = this;
        connection.previous = tail;
        connection.next = null;
        if (tail == null) {
            head = connection;
        } else {
            tail.next = connection;
        }
        tail = connection;
    }

    void leave(final HttpConnection connection) {
        if (connection.previous == null) {
            head = connection.next;
        } else {
            connection.previous.next = connection.next;
        }
        if (connection.next == null) {
            tail = connection.previous;
        } else {
            connection.next.previous = connection.previous;
        }
        connection.previous = null;
        connection.next = null;
        connection.list = null;
    }
}
