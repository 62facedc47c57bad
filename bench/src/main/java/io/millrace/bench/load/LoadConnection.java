package io.millrace.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;

/**
 * One connection from its making to its end: writes requests, matches replies to them, and says of each that is left at the
 * end that it is lost.
 *
 * <p>Belongs to the load's thread.
 */
final class LoadConnection extends ChannelInboundHandlerAdapter implements ReplyScanner.Sink {
    private final LoadContext load;
    private final PendingRequests pending;
    private final ReplyScanner scanner;
    private ChannelHandlerContext context;
    private boolean open;
    private boolean queued;
    private boolean answered;
    private long freeSinceNanos;
    private long readNanos;
    private LossCause cause = LossCause.CLOSED;

    LoadConnection(final LoadContext load) {
        this.load = load;
        pending = new PendingRequests(load.pipeline());
        scanner = new ReplyScanner(load.heads());
    }

    @Override
    public void channelActive(final ChannelHandlerContext ctx) {
        context = ctx;
        open = true;
        load.opened(this);
    }

    @Override
    public void channelInactive(final ChannelHandlerContext ctx) {
        open = false;
        final long nowNanos = load.nanoTime();
        for (; pending.size() > 0; pending.remove()) {
            load.lost(pending.dueNanos(), nowNanos, pending.firstEvent(), cause);
        }
        load.closed(this);
    }

    @Override
    public void channelRead(final ChannelHandlerContext ctx, final Object message) throws ReplyException {
        final ByteBuf in = (ByteBuf) message;
        try {
            readNanos = load.nanoTime();
            final byte[] bytes = load.readBuffer(in.readableBytes());
            final int length = in.readableBytes();
            in.readBytes(bytes, 0, length);
            scanner.scan(bytes, 0, length, this);
        } finally {
            in.release();
        }
    }

    @Override
    public void reply(final Reply reply) throws ReplyException {
        if (pending.size() == 0) {
            throw new ReplyException("a reply to no request, status " + reply.status());
        }
        load.answered(pending.dueNanos(), readNanos, pending.firstEvent(), reply);
        pending.remove();
        answered = true;
        if (!reply.keepAlive()) {
            // What was pipelined behind it is not answered any more: RFC 9112, 9.6.
            open = false;
            close();
        }
    }

    @Override
    public void channelReadComplete(final ChannelHandlerContext ctx) {
        load.received(this, readNanos);
    }

    @Override
    public void exceptionCaught(final ChannelHandlerContext ctx, final Throwable failure) {
        if (failure instanceof ReplyException) {
            load.misunderstood(failure.getMessage());
            cause = LossCause.PROTOCOL;
        } else if (!(failure instanceof IOException)) {
            load.fail(failure);
        }
        close();
    }

    /** Ends the connection if its oldest request has waited since before then. */
    void closeIfDueBefore(final long nanos) {
        if (pending.size() > 0 && pending.dueNanos() - nanos < 0) {
            cause = LossCause.TIMEOUT;
            close();
        }
    }

    // Whatever comes of it, channelInactive follows.
    @SuppressWarnings("FutureReturnValueIgnored")
    void close() {
        context.close();
    }

    /** Whether it has ever been answered. */
    boolean hasAnswered() {
        return answered;
    }

    private int room() {
        return open ? load.pipeline() - pending.size() : 0;
    }

    /** Whether it has to enter the queue of those with room, where it is not yet. */
    boolean enqueue(final long nowNanos) {
        if (queued || room() == 0) {
            return false;
        }
        queued = true;
        freeSinceNanos = nowNanos;
        return true;
    }

    /** Leaves the queue; returns how many requests there is room for. */
    int dequeue() {
        queued = false;
        return room();
    }

    /** Writes so many requests at once. */
    // The void promise has no listeners: what fails arrives in exceptionCaught.
    @SuppressWarnings("FutureReturnValueIgnored")
    void send(final Arrivals arrivals, final int count, final long nowNanos) {
        final ByteBuf out = context.alloc().directBuffer(count * load.maxRequestBytes());
        for (int i = 0; i < count; i++) {
            final long dueNanos = arrivals.take(nowNanos);
            final long waitedSinceNanos = dueNanos - freeSinceNanos > 0 ? dueNanos : freeSinceNanos;
            pending.add(dueNanos, load.write(out, dueNanos, nowNanos - waitedSinceNanos));
        }
        context.writeAndFlush(out, context.voidPromise());
    }
}
