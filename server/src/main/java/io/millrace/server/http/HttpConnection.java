package io.millrace.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import org.agrona.concurrent.UnsafeBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The socket's side of one connection: reads go to the {@link RequestStream}, and all replies that an iteration of the
 * event loop brought leave by one write at its end.
 *
 * <ol>
 *   <li>A peer that does not read its replies is not read from, until it does or its time is up; nor is one for whom too many
 *       replies wait for their acknowledgement.
 *   <li>A connection whose replies wait is not idle, however long that takes.
 *   <li>A peer that ends its output gets the replies to what it had sent completely, and nothing for the rest.
 *   <li>After a last reply the output ends and the input is read and dropped until the peer closes, so that no reset
 *       overtakes the reply (RFC 9112, 9.6); within bounds of bytes and time.
 * </ol>
 *
 * <p>Belongs to its event loop.
 */
public final class HttpConnection extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(HttpConnection.class);
    private static final long MAX_LINGER_BYTES = 16L << 20;

    // Owned by the DeadlineList that the connection is in.
    DeadlineList list;
    HttpConnection previous;
    HttpConnection next;
    long waitingSinceNanos;

    private final HttpLoop loop;
    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private ChannelHandlerContext context;
    private RequestStream stream;
    private Outbox outbox;
    private SocketOutput output;
    private boolean open;
    private boolean reading;
    private boolean paused;
    private boolean unwritten;
    private boolean lastWritten;
    private boolean inputShutdown;
    private int replies;
    private int readBytes;
    private long readNanos;
    private long lingerBytes;

    public HttpConnection(final HttpLoop loop) {
        this.loop = loop;
    }

    @Override
    public void channelActive(final ChannelHandlerContext ctx) {
        context = ctx;
        open = true;
        final boolean admitted = loop.tryOpen();
        stream = new RequestStream(loop, ctx.alloc());
        outbox = new Outbox(loop.acks, ctx.alloc(), this::writeSettled);
        output = new SocketOutput(ctx);
        loop.idle.enter(this, loop.nanoTime());
        if (!admitted) {
            refuse(Refusal.TOO_BUSY);
        }
    }

    @Override
    public void channelInactive(final ChannelHandlerContext ctx) {
        if (open) {
            open = false;
            leaveList();
            stream.abandon();
            outbox.drop();
            loop.closed();
        }
    }

    @Override
    public void channelRead(final ChannelHandlerContext ctx, final Object message) {
        final ByteBuf in = (ByteBuf) message;
        try {
            final int length = in.readableBytes();
            loop.counters.add(IngestCounter.BYTES_RECEIVED, length);
            if (stream.closing()) {
                linger(length);
                return;
            }
            if (!reading) {
                reading = true;
                readNanos = loop.beginRead(ctx.channel().eventLoop());
            }
            readBytes += length;
            // Gathered here, not in the loop: with io_uring other connections may be read before this read is complete.
            outbox.gather(loop.replyBuffer);
            ByteBufs.wrap(view, in, in.readerIndex(), length);
            stream.receive(view, length);
            outbox.gathered(loop.replyBuffer);
            replies += loop.replyBuffer.count();
        } finally {
            view.wrap(0, 0);
            in.release();
        }
    }

    @Override
    public void channelReadComplete(final ChannelHandlerContext ctx) {
        if (!reading) {
            return;
        }
        reading = false;
        if (!stream.closing()) {
            wait(readNanos, stream.takeProgress());
        }
        if (!unwritten && (!outbox.isEmpty() || stream.closing())) {
            unwritten = true;
            loop.writeLater(this, readBytes);
        }
        readBytes = 0;
        if (inputShutdown) {
            endOfInput();
        }
    }

    /** Writes the replies of this iteration; returns how many they are. */
    int writeReplies() {
        if (!unwritten) {
            return 0;
        }
        unwritten = false;
        final int written = replies;
        replies = 0;
        if (open && !lastWritten) {
            write();
        }
        return written;
    }

    /** Writes replies that waited, as far as nothing before them waits still. */
    private void writeSettled() {
        if (!open || lastWritten) {
            return;
        }
        // Before the peer has the replies: it may answer at once, and its time begins here.
        final long nowNanos = loop.nanoTime();
        write();
        if (stream.closing()) {
            return;
        }
        if (loop.draining() && !outbox.isHolding() && stream.waitsIn() == loop.idle) {
            stream.abandon();
            write();
            return;
        }
        wait(nowNanos, !outbox.isHolding());
        resume();
    }

    @Override
    public void channelWritabilityChanged(final ChannelHandlerContext ctx) {
        resume();
    }

    /** Reads on, if nothing is against it any more. */
    private void resume() {
        if (paused && context.channel().isWritable() && !outbox.isFull()) {
            paused = false;
            wait(loop.nanoTime(), true);
            context.channel().config().setAutoRead(true);
        }
    }

    @Override
    public void userEventTriggered(final ChannelHandlerContext ctx, final Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            inputShutdown = true;
            if (!reading) {
                endOfInput();
            }
        }
    }

    /** Everything complete was answered; when the replies have left, the connection closes. */
    private void endOfInput() {
        if (!lastWritten) {
            stream.abandon();
            if (!unwritten) {
                write();
            }
        } else if (list == loop.lingering) {
            close();
        }
    }

    @Override
    public void exceptionCaught(final ChannelHandlerContext ctx, final Throwable cause) {
        if (cause instanceof IOException) {
            LOG.debug("connection with {} broke", ctx.channel().remoteAddress(), cause);
        } else {
            LOG.error(
                    "connection with {} closed after an error in the server",
                    ctx.channel().remoteAddress(),
                    cause);
        }
        if (reading && outbox.isEmpty()) {
            // The error came while replies were gathered.
            outbox.gathered(loop.replyBuffer);
        }
        reading = false;
        unwritten = false;
        outbox.drop();
        loop.counters.increment(IngestCounter.CONNECTIONS_FAILED);
        close();
    }

    /** Closes without a word but the replies that are due. */
    void close() {
        writeReplies();
        leaveList();
        closeChannel();
    }

    /** The request did not arrive in time: RFC 9110, 15.5.9. */
    void refuseLate() {
        refuse(Refusal.REQUEST_TIMEOUT);
    }

    private void refuse(final Refusal refusal) {
        outbox.gather(loop.replyBuffer);
        stream.refuse(refusal);
        outbox.gathered(loop.replyBuffer);
        write();
    }

    private void write() {
        final ByteBuf ready = outbox.takeReady();
        if (ready != null) {
            loop.counters.add(IngestCounter.BYTES_SENT, ready.readableBytes());
        }
        if (stream.closing() && !outbox.isHolding()) {
            writeLast(ready == null ? Unpooled.EMPTY_BUFFER : ready);
            return;
        }
        if (ready != null) {
            output.write(ready);
        }
        if (stream.closing()) {
            // The last reply waits, as no request does any more.
            leaveList();
        } else if (open && (!context.channel().isWritable() || outbox.isFull())) {
            paused = true;
            context.channel().config().setAutoRead(false);
            wait(loop.nanoTime(), false);
        }
    }

    /** Writes the last bytes; then the output ends. */
    private void writeLast(final ByteBuf out) {
        lastWritten = true;
        if (paused) {
            paused = false;
            context.channel().config().setAutoRead(true);
        }
        moveTo(loop.stalled, loop.nanoTime());
        context.writeAndFlush(out).addListener((ChannelFutureListener) written -> {
            if (written.isSuccess() && !inputShutdown) {
                moveTo(loop.lingering, loop.nanoTime());
                endOutput();
            } else {
                closeChannel();
            }
        });
    }

    private void endOutput() {
        final SslHandler tls = context.pipeline().get(SslHandler.class);
        if (tls == null) {
            shutdownOutput();
        } else {
            // RFC 8446, 6.1: the peer is told by TLS first. What still comes from it need not be deciphered to be
            // dropped.
            tls.closeOutbound().addListener(told -> {
                if (open) {
                    context.pipeline().remove(tls);
                    shutdownOutput();
                }
            });
        }
    }

    // If it fails, the peer has gone, and the list of those lingering ends the connection.
    @SuppressWarnings("FutureReturnValueIgnored")
    private void shutdownOutput() {
        ((DuplexChannel) context.channel()).shutdownOutput();
    }

    // Whatever comes of it, channelInactive follows.
    @SuppressWarnings("FutureReturnValueIgnored")
    private void closeChannel() {
        context.close();
    }

    private void linger(final int bytes) {
        lingerBytes += bytes;
        if (lingerBytes > MAX_LINGER_BYTES) {
            close();
        }
    }

    /** Enters the list of what the connection waits for now; anew if a request was answered since. */
    private void wait(final long nowNanos, final boolean anew) {
        final DeadlineList wanted = waitsIn();
        if (list != wanted || anew) {
            moveTo(wanted, nowNanos);
        }
    }

    /** Null if it waits for nothing that the peer has to do. */
    private DeadlineList waitsIn() {
        if (paused && !context.channel().isWritable()) {
            return loop.stalled;
        }
        final DeadlineList next = stream.waitsIn();
        return outbox.isHolding() && (paused || next == loop.idle) ? null : next;
    }

    private void moveTo(final DeadlineList wanted, final long nowNanos) {
        leaveList();
        if (open && wanted != null) {
            wanted.enter(this, nowNanos);
        }
    }

    private void leaveList() {
        if (list != null) {
            list.leave(this);
        }
    }
}
