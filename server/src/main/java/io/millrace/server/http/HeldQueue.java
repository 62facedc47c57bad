package io.millrace.server.http;

import io.millrace.pipeline.AckLevel;
import io.millrace.pipeline.Stage;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.SingleWriterRecorder;

/**
 * The replies of one event loop that wait for the same level, in the order of their sequences, which is that of their deadlines
 * too.
 *
 * <p>Belongs to its event loop; others may ask for {@link #size} and take intervals of {@link #waitNanos}.
 */
final class HeldQueue {
    final AckLevel level;
    final Stage stage;
    /** Whether a reply came since the level's agents were last told. */
    boolean fresh;
    /** How long replies waited until they were settled, in time or not. */
    final SingleWriterRecorder waitNanos = new SingleWriterRecorder(2);

    /** The loop is the only writer. */
    private final AtomicInteger size = new AtomicInteger();

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

    /** How many wait. Any thread. */
    int size() {
        return size.getAcquire();
    }

    void add(final HeldReply reply) {
        size.setRelease(size.getPlain() + 1);
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
        size.setRelease(size.getPlain() - 1);
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
