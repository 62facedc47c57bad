package io.millrace.server.admin;

import io.millrace.server.admin.http.AdminReply;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.TimeUnit;

/** Sets the admin port's connections up, bounds their number, and closes them all at the end. Owning thread: its loop. */
final class AdminChannels extends ChannelInitializer<Channel> {
    private static final int MAX_CONNECTIONS = 256;
    private static final int MAX_BODY_BYTES = 1024;
    private static final long IDLE_TIMEOUT_SECONDS = 60;

    private final ChannelGroup channels;
    private final AdminRoutes routes;
    private final AdminThreads threads;

    AdminChannels(final EventExecutor executor, final AdminRoutes routes, final AdminThreads threads) {
        this.channels = new DefaultChannelGroup(executor, true);
        this.routes = routes;
        this.threads = threads;
    }

    @Override
    protected void initChannel(final Channel channel) {
        if (channels.size() > MAX_CONNECTIONS) {
            final ChannelFuture unused = channel.close();
            return;
        }
        channels.add(channel);
        channel.pipeline()
                .addLast(new IdleStateHandler(0, 0, IDLE_TIMEOUT_SECONDS, TimeUnit.SECONDS))
                .addLast(new HttpServerCodec(new HttpDecoderConfig()
                        .setMaxInitialLineLength(AdminServer.MAX_LINE_BYTES)
                        .setMaxHeaderSize(AdminServer.MAX_HEADER_BYTES)))
                .addLast(new HttpServerKeepAliveHandler())
                .addLast(new SmallBodies())
                .addLast(new FlowControlHandler())
                .addLast(new AdminHandler(routes, threads));
    }

    /** Has a channel closed at the end. */
    void add(final Channel channel) {
        channels.add(channel);
    }

    void close() {
        channels.close().awaitUninterruptibly();
    }

    /** No request here has a use for a body; a small one is read and dropped. */
    private static final class SmallBodies extends HttpObjectAggregator {
        SmallBodies() {
            super(MAX_BODY_BYTES);
        }

        @Override
        protected void handleOversizedMessage(final ChannelHandlerContext ctx, final HttpMessage oversized) {
            final AdminReply reply = AdminReply.error(
                    HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE,
                    "body_too_large",
                    "a body must be at most " + MAX_BODY_BYTES + " bytes; none is needed");
            ctx.writeAndFlush(reply.with(HttpHeaderNames.CONNECTION.toString(), "close")
                            .toResponse())
                    .addListener(ChannelFutureListener.CLOSE);
        }
    }
}
