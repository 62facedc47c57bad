package io.millrace.bench.evolution.architecture;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers requests one at a time: a client must not pipeline. */
final class FrontHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(FrontHandler.class);
    private static final byte[] ACCEPTED = "{\"status\":\"accepted\"}".getBytes(US_ASCII);
    private static final byte[] FAILED = "{\"error\":\"failed\"}".getBytes(US_ASCII);

    private final Architecture architecture;

    FrontHandler(final Architecture architecture) {
        this.architecture = architecture;
    }

    @Override
    protected void channelRead0(final ChannelHandlerContext context, final FullHttpRequest request) {
        if (!request.method().equals(HttpMethod.POST) || !request.uri().equals("/events")) {
            reply(context, HttpResponseStatus.NOT_FOUND, FAILED);
            return;
        }
        final Event event;
        try {
            event = Event.parse(ByteBufUtil.getBytes(request.content()));
        } catch (final IOException e) {
            reply(context, HttpResponseStatus.BAD_REQUEST, FAILED);
            return;
        }
        architecture.accept(event).whenComplete((done, failure) -> {
            if (failure == null) {
                reply(context, HttpResponseStatus.ACCEPTED, ACCEPTED);
            } else {
                LOG.warn("an event failed", failure);
                reply(context, HttpResponseStatus.INTERNAL_SERVER_ERROR, FAILED);
            }
        });
    }

    // The void promise has no listeners: what fails arrives in exceptionCaught.
    @SuppressWarnings("FutureReturnValueIgnored")
    private static void reply(final ChannelHandlerContext context, final HttpResponseStatus status, final byte[] body) {
        final DefaultFullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(body));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "application/json")
                .setInt(HttpHeaderNames.CONTENT_LENGTH, body.length);
        context.writeAndFlush(response, context.voidPromise());
    }

    // Whatever comes of it, the connection ends.
    @SuppressWarnings("FutureReturnValueIgnored")
    @Override
    public void exceptionCaught(final ChannelHandlerContext context, final Throwable cause) {
        context.close();
    }
}
