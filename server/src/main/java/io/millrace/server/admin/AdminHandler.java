package io.millrace.server.admin;

import io.millrace.pipeline.window.StoreException;
import io.millrace.server.admin.http.AdminException;
import io.millrace.server.admin.http.AdminReply;
import io.millrace.storage.postgres.query.QueryTimeoutException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.timeout.IdleStateEvent;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the requests of one connection, one after the other: the next is read when the one before has been answered, so
 * replies are in order even though queries run elsewhere. Owning thread: the admin port's event loop.
 */
final class AdminHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(AdminHandler.class);

    private final AdminRoutes routes;
    private final AdminThreads threads;
    private boolean reading;
    private boolean answering;

    AdminHandler(final AdminRoutes routes, final AdminThreads threads) {
        this.routes = routes;
        this.threads = threads;
    }

    @Override
    public void channelActive(final ChannelHandlerContext ctx) {
        read(ctx);
    }

    @Override
    public void channelReadComplete(final ChannelHandlerContext ctx) {
        // What was read is no whole request yet: FlowControlHandler forgets at this point that one was asked for.
        if (reading) {
            read(ctx);
        }
    }

    @Override
    protected void channelRead0(final ChannelHandlerContext ctx, final FullHttpRequest request) {
        reading = false;
        if (request.decoderResult().isFailure()) {
            final AdminReply reply = malformed(request.decoderResult().cause());
            send(ctx, reply.with(HttpHeaderNames.CONNECTION.toString(), "close"));
            return;
        }
        try {
            final InetSocketAddress local = (InetSocketAddress) ctx.channel().localAddress();
            final AdminRoutes.Admitted admitted = routes.admit(request, local.getAddress());
            answering = true;
            threads.execute(admitted.resource().execution(), () -> reply(ctx, answer(admitted)));
        } catch (final AdminException e) {
            send(ctx, e.reply());
        } catch (final RejectedExecutionException e) {
            send(ctx, unavailable("busy", "too many requests are waiting; ask again later"));
        }
    }

    @Override
    public void userEventTriggered(final ChannelHandlerContext ctx, final Object event) {
        // Whose answer takes long is not idle.
        if (event instanceof IdleStateEvent && !answering) {
            close(ctx);
        }
    }

    @Override
    public void exceptionCaught(final ChannelHandlerContext ctx, final Throwable cause) {
        if (cause instanceof IOException || cause instanceof DecoderException) {
            LOG.debug("{}: {}", ctx.channel().remoteAddress(), cause.getMessage());
        } else {
            LOG.error(
                    "{}: request failed; closing the connection", ctx.channel().remoteAddress(), cause);
        }
        close(ctx);
    }

    private static AdminReply answer(final AdminRoutes.Admitted admitted) {
        try {
            return admitted.resource().answer(admitted.query());
        } catch (final AdminException e) {
            return e.reply();
        } catch (final QueryTimeoutException e) {
            return AdminReply.error(
                    HttpResponseStatus.SERVICE_UNAVAILABLE,
                    "query_timeout",
                    e.getMessage() + ": ask for a shorter range, or for one action or element");
        } catch (final StoreException e) {
            return unavailable("store_unavailable", e.getMessage());
        } catch (final RuntimeException e) {
            LOG.error("the request for {} failed", admitted.query().path(), e);
            return AdminReply.error(
                    HttpResponseStatus.INTERNAL_SERVER_ERROR, "internal_error", "the request failed; see the log");
        }
    }

    private static AdminReply unavailable(final String code, final String message) {
        return AdminReply.error(HttpResponseStatus.SERVICE_UNAVAILABLE, code, message)
                .with(HttpHeaderNames.RETRY_AFTER.toString(), "1");
    }

    private static AdminReply malformed(final Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return AdminReply.error(
                    HttpResponseStatus.REQUEST_URI_TOO_LONG,
                    "uri_too_long",
                    "the request line must be at most " + AdminServer.MAX_LINE_BYTES + " bytes");
        }
        if (cause instanceof TooLongHttpHeaderException) {
            return AdminReply.error(
                    HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
                    "headers_too_large",
                    "the header must be at most " + AdminServer.MAX_HEADER_BYTES + " bytes");
        }
        return AdminReply.error(HttpResponseStatus.BAD_REQUEST, "bad_request", "this is not an HTTP/1.1 request");
    }

    /** Sends the reply to what was admitted. Any thread. */
    private void reply(final ChannelHandlerContext ctx, final AdminReply reply) {
        if (ctx.executor().inEventLoop()) {
            send(ctx, reply);
        } else {
            ctx.executor().execute(() -> send(ctx, reply));
        }
    }

    /** Sends a reply and reads the next request. */
    private void send(final ChannelHandlerContext ctx, final AdminReply reply) {
        answering = false;
        ctx.writeAndFlush(reply.toResponse()).addListener((final ChannelFuture sent) -> {
            if (sent.isSuccess()) {
                // Not at once: a batch of pipelined requests would otherwise be answered by recursion.
                ctx.executor().execute(() -> read(ctx));
            }
        });
    }

    private void read(final ChannelHandlerContext ctx) {
        reading = true;
        ctx.read();
    }

    private static void close(final ChannelHandlerContext ctx) {
        final ChannelFuture unused = ctx.close();
    }
}
