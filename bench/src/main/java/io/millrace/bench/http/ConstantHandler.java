package io.millrace.bench.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;

/** Answers each request with the same few bytes. */
final class ConstantHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final int LENGTH = 43;

    private final ByteBuf body =
            Unpooled.unreleasableBuffer(Unpooled.directBuffer(LENGTH).writeZero(LENGTH));

    // An embedded channel writes at once, and what fails is seen in its outbound messages.
    @SuppressWarnings("FutureReturnValueIgnored")
    @Override
    protected void channelRead0(final ChannelHandlerContext ctx, final FullHttpRequest request) {
        final DefaultFullHttpResponse reply =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, body.duplicate());
        reply.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
                .setInt(HttpHeaderNames.CONTENT_LENGTH, LENGTH);
        ctx.writeAndFlush(reply);
    }
}
