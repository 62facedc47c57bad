package io.millrace.server.http;

import io.millrace.pipeline.AckLevel;

/**
 * A reply that waits until its events have got as far as was asked for. It stands in two queues: that of its connection, for
 * the order of the replies, and that of its level, for the order of the sequences.
 *
 * <p>Belongs to an event loop, whose {@link AckWaits} use it again and again.
 */
final class HeldReply {
    Outbox outbox;
    AckLevel level;
    long sequence;
    long sinceNanos;

    /** Bytes before it, and behind the held reply before it, that wait for nothing but their turn. */
    int before;
    /** Bytes of the reply itself. */
    int length;
    /** The end of its Content-Length field, counted from its first byte. */
    int lengthFieldEnd;
    /** Whether its body is a JSON object. */
    boolean json;

    /** Whether it waits no more. */
    boolean settled;
    /** How far its events had got when its time was up; null if it was in time. */
    AckLevel late;

    /** The next on the same connection. */
    HeldReply behind;

    // Owned by the queue of its level.
    HeldReply previous;
    HeldReply next;
}
