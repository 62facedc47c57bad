package io.millrace.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One connection without a socket and an event loop: the bytes of a read go in, the replies to them come out. What tests and
 * benchmarks run of the ingest port where sockets would only be in the way.
 *
 * <p>Not thread-safe. Each read is an iteration of its own.
 */
public final class Exchange implements AutoCloseable {
    private final HttpLoop loop;
    private final Outbox outbox;
    private final RequestStream stream;

    public Exchange(final HttpLoop loop, final ByteBufAllocator allocator) {
        this.loop = loop;
        outbox = new Outbox(loop.acks, allocator, () -> {});
        stream = new RequestStream(loop, allocator);
    }

    /**
     * Takes what one read brought, from index 0 on. The bytes may be overwritten afterwards.
     *
     * @return the replies that wait for nothing, null if there are none; whoever takes them releases them
     */
    public ByteBuf receive(final UnsafeBuffer read, final int length) {
        loop.beginRead(Runnable::run);
        outbox.gather(loop.replyBuffer);
        stream.receive(read, length);
        outbox.gathered(loop.replyBuffer);
        loop.acks.publish();
        loop.endpoint.readComplete();
        return outbox.takeReady();
    }

    /** Ends the stream from this side, as a time that is up does; returns the reply as {@link #receive} does. */
    ByteBuf refuse(final Refusal refusal) {
        outbox.gather(loop.replyBuffer);
        stream.refuse(refusal);
        outbox.gathered(loop.replyBuffer);
        return outbox.takeReady();
    }

    /** Whether the last reply was given. */
    boolean closing() {
        return stream.closing();
    }

    DeadlineList waitsIn() {
        return stream.waitsIn();
    }

    /** Gives back what the connection and its loop hold. */
    @Override
    public void close() {
        stream.abandon();
        outbox.drop();
        loop.stop();
    }
}
