package io.millrace.server.tls;

import io.millrace.pipeline.Counters;
import io.millrace.server.http.IngestCounter;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;

/**
 * What connections are served with: the identity may change while the server runs, and holds for connections that come then.
 *
 * <p>Thread-safe.
 */
public final class TlsPort {
    private final long handshakeTimeoutMillis;
    private volatile TlsIdentity identity;

    /**
     * Makes it.
     *
     * @param handshakeTimeoutMillis from the connection to the end of its handshake
     */
    public TlsPort(final TlsIdentity identity, final long handshakeTimeoutMillis) {
        this.identity = identity;
        this.handshakeTimeoutMillis = handshakeTimeoutMillis;
    }

    public TlsIdentity identity() {
        return identity;
    }

    /** From now on new connections get this one. */
    public void identity(final TlsIdentity identity) {
        this.identity = identity;
    }

    /**
     * Puts TLS before what is added behind it.
     *
     * @param counters of the channel's event loop
     */
    public void addTo(final Channel channel, final Counters<IngestCounter> counters) {
        final SslHandler handler = identity.context().newHandler(channel.alloc());
        handler.setHandshakeTimeoutMillis(handshakeTimeoutMillis);
        channel.pipeline().addLast(handler, new TlsGuard(counters));
    }
}
