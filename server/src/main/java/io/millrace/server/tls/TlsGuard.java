package io.millrace.server.tls;

import io.millrace.pipeline.Counters;
import io.millrace.server.http.IngestCounter;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends connections that break TLS's rules or speak something else, with the alert that TLS has for it and without a word in the
 * log: anybody can do that. What lies behind learns that the connection is gone.
 *
 * <p>One per connection; belongs to its event loop.
 */
final class TlsGuard extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(TlsGuard.class);

    private final Counters<IngestCounter> counters;

    TlsGuard(final Counters<IngestCounter> counters) {
        this.counters = counters;
    }

    @Override
    public void userEventTriggered(final ChannelHandlerContext ctx, final Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            counters.increment(
                    handshake.isSuccess() ? IngestCounter.TLS_HANDSHAKES : IngestCounter.TLS_HANDSHAKE_FAILURES);
        }
        ctx.fireUserEventTriggered(event);
    }

    // Whatever comes of it, channelInactive follows.
    @Override
    @SuppressWarnings("FutureReturnValueIgnored")
    public void exceptionCaught(final ChannelHandlerContext ctx, final Throwable cause) {
        final Throwable fault = cause instanceof DecoderException ? cause.getCause() : cause;
        if (fault instanceof SSLException) {
            LOG.debug("no TLS with {}", ctx.channel().remoteAddress(), fault);
            ctx.close();
        } else {
            ctx.fireExceptionCaught(cause);
        }
    }
}
