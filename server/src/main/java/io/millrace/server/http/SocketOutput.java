package io.millrace.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.Socket;
import java.io.IOException;

/**
 * The way of one connection's replies to its socket: straight there while nothing is queued before them, through the channel
 * otherwise. A reply that waits for nobody costs the loop more in Netty's queue of outbound buffers than its request in the
 * parser (docs/decisions/0024-less-above-the-kernel.md).
 *
 * <p>Belongs to its connection's event loop.
 */
final class SocketOutput {
    private final ChannelHandlerContext context;
    /** Null where only the channel knows how: with TLS, and on transports other than epoll. */
    private final Socket socket;

    /** For a connection whose pipeline is complete. */
    SocketOutput(final ChannelHandlerContext context) {
        this.context = context;
        final boolean direct = context.pipeline().first() == context.handler();
        socket = direct && context.channel() instanceof EpollSocketChannel channel ? (Socket) channel.fd() : null;
    }

    /** Writes and flushes, and releases when that is done. What fails arrives in {@code exceptionCaught}. */
    void write(final ByteBuf out) {
        if (mayPassTheQueue(out) && sent(out)) {
            out.release();
        } else {
            enqueue(out);
        }
    }

    private boolean mayPassTheQueue(final ByteBuf out) {
        // There is no queue any more once the channel is closed, and the number of its descriptor may be another's.
        final ChannelOutboundBuffer queue = context.channel().unsafe().outboundBuffer();
        return socket != null && queue != null && queue.isEmpty() && out.hasMemoryAddress();
    }

    /** Whether the socket took all of it; what it took is skipped. After an error there is nothing left to do either. */
    private boolean sent(final ByteBuf out) {
        try {
            out.skipBytes(socket.sendAddress(out.memoryAddress(), out.readerIndex(), out.writerIndex()));
            return !out.isReadable();
        } catch (final IOException e) {
            context.pipeline().fireExceptionCaught(e);
            return true;
        }
    }

    // The void promise has no listeners: what fails arrives in exceptionCaught.
    @SuppressWarnings("FutureReturnValueIgnored")
    private void enqueue(final ByteBuf out) {
        context.writeAndFlush(out, context.voidPromise());
    }
}
