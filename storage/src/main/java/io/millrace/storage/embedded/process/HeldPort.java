package io.millrace.storage.embedded.process;

import java.io.Closeable;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Optional;

/**
 * A port on loopback that belongs to whoever took it until it is closed, whether somebody listens on it or not: a connection to it
 * is refused until somebody does. It is held by a socket
 * that is bound and does not listen: a server that allows the reuse of addresses ({@code SO_REUSEADDR}, as Millrace and Redis
 * do) can bind and leave it as often as it wants, {@link LoopbackPort#find} gives it to nobody, in this process or another, and
 * no outgoing connection gets it. See {@code man 7 socket}.
 */
public final class HeldPort implements Closeable {
    private static final int MAX = 65_535;
    private static final int TRIES = 10;

    private final Socket holder;

    private HeldPort(final Socket holder) {
        this.holder = holder;
    }

    /** Holds any port that is free. */
    public static HeldPort take() throws IOException {
        for (int i = 1; ; i++) {
            try {
                return hold(LoopbackPort.find());
            } catch (final BindException takenMeanwhile) {
                if (i == TRIES) {
                    throw takenMeanwhile;
                }
            }
        }
    }

    /** Holds this one; empty if there is no such port or it is not free. */
    public static Optional<HeldPort> takeIfFree(final int port) throws IOException {
        if (port > MAX) {
            return Optional.empty();
        }
        try {
            return Optional.of(hold(port));
        } catch (final BindException taken) {
            return Optional.empty();
        }
    }

    private static HeldPort hold(final int port) throws IOException {
        final Socket holder = new Socket();
        boolean held = false;
        try {
            // Only if nobody holds it; then whoever knows of it may share it.
            holder.setReuseAddress(false);
            holder.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            holder.setReuseAddress(true);
            held = true;
            return new HeldPort(holder);
        } finally {
            if (!held) {
                holder.close();
            }
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
