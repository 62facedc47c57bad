package io.millrace.server.http;

import io.millrace.pipeline.AckLevel;
import io.millrace.pipeline.Stage;

/**
 * The replies of one event loop that wait for the same level, in the order of their sequences, which is that of their deadlines
 * too.
 *
 * <p>Belongs to its event loop.
 */
final class HeldQueue {
    final AckLevel level;
    final Stage stage;
    /** Whether a reply came since the level's agents were last told. */
    boolean fresh;

    private HeldReply first;
    private HeldReply last;

    HeldQueue(final AckLevel level, final Stage stage) {
        this.level = level;
        this.stage = stage;
    }

    HeldReply first() {
        return first;
    }

    HeldReply last() {
        return last;
    }

    void add(final HeldReply reply) {
        fresh = true;
        reply.previous = last;
        if (last == null) {
            first = reply;
        } else {
            last.next = reply;
        }
        last = reply;
    }

    void remove(final HeldReply reply) {
        if (reply.previous == null) {
            first = reply.next;
        } else {
            reply.previous.next = reply.next;
        }
        if (reply.next == null) {
            last = reply.previous;
        } else {
            reply.next.previous = reply.previous;
        }
        reply.previous = null;
        reply.next = null;
    }
}
