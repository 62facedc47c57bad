package io.millrace.storage.testing;

import java.io.Closeable;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Optional;

/**
 * A port on loopback that belongs to the test until it is closed, whether somebody listens on it or not: a connection to it is
 * refused until then. It is held by a socket that is bound and does not listen; a server of the test that allows the reuse of
 * addresses ({@code SO_REUSEADDR}, as Redis does) can bind and leave it as often as it wants, and nobody is ever given it by chance.
 * See {@code man 7 socket}.
 */
public final class ReservedPort implements Closeable {
    private static final int MAX = 65_535;

    private final Socket holder = new Socket();

    /** Reserves any port that is free. */
    public ReservedPort() throws IOException {
        this(0);
    }

    private ReservedPort(final int port) throws IOException {
        boolean held = false;
        try {
            holder.setReuseAddress(true);
            holder.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            held = true;
        } finally {
            if (!held) {
                holder.close();
            }
        }
    }

    /** Reserves this one; empty if there is no such port or it is not free. */
    static Optional<ReservedPort> of(final int port) throws IOException {
        if (port > MAX) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ReservedPort(port));
        } catch (final BindException taken) {
            return Optional.empty();
        }
    }

    /** Its number. */
    public int number() {
        return holder.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        holder.close();
    }
}
