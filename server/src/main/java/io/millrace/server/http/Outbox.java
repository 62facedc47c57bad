package io.millrace.server.http;

import io.millrace.pipeline.AckLevel;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * The replies of one connection that are not written yet, in the order of their requests. While the first of them waits for an
 * acknowledgement so do all behind it.
 *
 * <p>Belongs to its connection's event loop. Without a waiting reply it is only a place for a buffer.
 */
final class Outbox {
    private static final int MAX_HELD = 256;
    private static final int MAX_HELD_BYTES = 1 << 16;

    private final AckWaits acks;
    private final ByteBufAllocator allocator;
    private final Runnable send;
    /** Whether it is about to be told to send. Owned by the {@link AckWaits}. */
    boolean queued;

    private ByteBuf bytes;
    private HeldReply first;
    private HeldReply last;
    private int heldCount;
    /** Bytes from the first that is readable to the end of the last reply that waits. */
    private int heldBytes;

    /**
     * Makes an empty one.
     *
     * @param send run when replies that waited can be written
     */
    Outbox(final AckWaits acks, final ByteBufAllocator allocator, final Runnable send) {
        this.acks = acks;
        this.allocator = allocator;
        this.send = send;
    }

    void send() {
        send.run();
    }

    /** Opens the reply buffer behind what is here. */
    void gather(final ReplyBuffer replies) {
        replies.open(allocator, bytes, this);
        bytes = null;
    }

    /** Takes what was gathered. */
    void gathered(final ReplyBuffer replies) {
        bytes = replies.take();
    }

    /** Whether nothing was gathered that is not taken yet. */
    boolean isEmpty() {
        return bytes == null;
    }

    /** Whether a reply waits, or has waited and is not taken yet. */
    boolean isHolding() {
        return first != null;
    }

    /** Whether so much waits here that no further request should be read. */
    boolean isFull() {
        return first != null && (heldCount >= MAX_HELD || bytes.readableBytes() >= MAX_HELD_BYTES);
    }

    HeldReply first() {
        return first;
    }

    /**
     * A reply that was just gathered waits.
     *
     * @param start its first byte, counted from the first that is readable
     * @param end the index behind it, likewise
     */
    void hold(
            final AckLevel level,
            final long sequence,
            final int start,
            final int end,
            final int lengthFieldEnd,
            final boolean json) {
        final HeldReply reply = acks.hold(this, level, sequence);
        reply.before = start - heldBytes;
        reply.length = end - start;
        reply.lengthFieldEnd = lengthFieldEnd;
        reply.json = json;
        heldBytes = end;
        heldCount++;
        if (last == null) {
            first = reply;
        } else {
            last.behind = reply;
        }
        last = reply;
    }

    /** Hands over what may be written now; null if that is nothing. Whoever takes it releases it. */
    ByteBuf takeReady() {
        if (first == null) {
            final ByteBuf taken = bytes;
            bytes = null;
            return taken;
        }
        return takeSettled();
    }

    private ByteBuf takeSettled() {
        int length = 0;
        boolean late = false;
        HeldReply waits = first;
        while (waits != null && waits.settled) {
            length += waits.before + waits.length;
            late |= waits.late != null;
            waits = waits.behind;
        }
        length = waits == null ? bytes.readableBytes() : length + waits.before;
        if (length == 0) {
            return null;
        }
        final ByteBuf ready = split(length);
        final ByteBuf taken = late ? LateReplies.rewrite(ready, first, waits) : ready;
        while (first != waits) {
            final HeldReply sent = first;
            first = sent.behind;
            heldCount--;
            acks.sent(sent);
        }
        if (waits == null) {
            last = null;
            heldBytes = 0;
        } else {
            waits.before = 0;
            heldBytes -= length;
        }
        return taken;
    }

    /** Takes the first bytes and leaves the others, in memory of their own: what is written must not grow any more. */
    private ByteBuf split(final int length) {
        final ByteBuf ready = bytes;
        final int rest = ready.readableBytes() - length;
        if (rest == 0) {
            bytes = null;
        } else {
            final int end = ready.readerIndex() + length;
            bytes = allocator.directBuffer(rest).writeBytes(ready, end, rest);
            ready.writerIndex(end);
        }
        return ready;
    }

    /** Forgets everything: the connection is closed. */
    void drop() {
        while (first != null) {
            final HeldReply dropped = first;
            first = dropped.behind;
            acks.forget(dropped);
        }
        last = null;
        heldCount = 0;
        heldBytes = 0;
        if (bytes != null) {
            bytes.release();
            bytes = null;
        }
    }
}
