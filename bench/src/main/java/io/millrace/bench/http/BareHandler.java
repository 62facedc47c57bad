package io.millrace.bench.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.Base64;

/**
 * Answers each request with the same bytes. It looks for the end of a head and for the length of a POST's body and at nothing
 * else, so it fools itself easily: it is a yardstick, not a server.
 *
 * <p>Belongs to the connection's event loop.
 */
final class BareHandler extends ChannelInboundHandlerAdapter {
    private static final byte[] GIF =
            Base64.getDecoder().decode("R0lGODlhAQABAIABAAAAAP///yH5BAEAAAEALAAAAAABAAEAAAICTAEAOw==");
    private static final byte[] REPLY = reply();
    private static final byte[] LENGTH = "content-length:".getBytes(US_ASCII);
    private static final FastThreadLocal<byte[]> READ = new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
            return new byte[BareNettyServer.LARGEST_READ_BYTES];
        }
    };
    /** The state after all of an empty line, CR LF CR LF. */
    private static final int HEAD_END = 4;

    private boolean first = true;
    private boolean hasBody;
    /** How much of CR LF CR LF has been read. */
    private int lineEnd;
    /** How much of the field name has been read; beyond its end within the value. */
    private int named;

    private int length;
    private int bodyMissing;

    private static byte[] reply() {
        final byte[] head = ("HTTP/1.1 200 OK\r\nContent-Type: image/gif\r\nCache-Control: no-store\r\nContent-Length: "
                        + GIF.length + "\r\n\r\n")
                .getBytes(US_ASCII);
        final byte[] reply = new byte[head.length + GIF.length];
        System.arraycopy(head, 0, reply, 0, head.length);
        System.arraycopy(GIF, 0, reply, head.length, GIF.length);
        return reply;
    }

    // The void promise has no listeners: what fails arrives in exceptionCaught.
    @SuppressWarnings("FutureReturnValueIgnored")
    @Override
    public void channelRead(final ChannelHandlerContext ctx, final Object message) {
        final ByteBuf in = (ByteBuf) message;
        final int requests;
        try {
            requests = count(in);
        } finally {
            in.release();
        }
        if (requests > 0) {
            final ByteBuf out = ctx.alloc().directBuffer(requests * REPLY.length);
            for (int i = 0; i < requests; i++) {
                out.writeBytes(REPLY);
            }
            ctx.write(out, ctx.voidPromise());
        }
    }

    @Override
    public void channelReadComplete(final ChannelHandlerContext ctx) {
        ctx.flush();
    }

    // Whatever comes of it, the connection ends.
    @SuppressWarnings("FutureReturnValueIgnored")
    @Override
    public void exceptionCaught(final ChannelHandlerContext ctx, final Throwable cause) {
        ctx.close();
    }

    /** Returns how many requests end in what was received. */
    private int count(final ByteBuf in) {
        int requests = 0;
        int at = 0;
        final int end = in.readableBytes();
        // Copied: to go over an array costs a third of asking the buffer for each byte.
        final byte[] bytes = READ.get();
        in.readBytes(bytes, 0, end);
        while (at < end) {
            if (bodyMissing > 0) {
                final int part = Math.min(bodyMissing, end - at);
                at += part;
                bodyMissing -= part;
            } else {
                head(bytes[at++]);
            }
            if (lineEnd == HEAD_END && bodyMissing == 0) {
                requests++;
                first = true;
                lineEnd = 0;
            }
        }
        return requests;
    }

    private void head(final byte next) {
        if (first) {
            first = false;
            hasBody = next == 'P';
            named = -1;
            length = 0;
        }
        if (next == '\r') {
            lineEnd = lineEnd == 2 ? 3 : 1;
        } else if (next == '\n' && (lineEnd & 1) == 1) {
            lineEnd++;
            named = 0;
            if (lineEnd == HEAD_END) {
                bodyMissing = length;
            }
        } else {
            lineEnd = 0;
            if (hasBody) {
                field(next);
            }
        }
    }

    private void field(final byte next) {
        if (named == LENGTH.length) {
            if (next >= '0' && next <= '9') {
                length = 10 * length + next - '0';
            }
        } else if (named >= 0) {
            named = (next | 0x20) == LENGTH[named] || next == LENGTH[named] ? named + 1 : -1;
        }
    }
}
