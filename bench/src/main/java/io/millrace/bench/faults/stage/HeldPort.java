package io.millrace.bench.faults.stage;

import io.millrace.storage.embedded.process.LoopbackPort;
import java.io.Closeable;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * A port on loopback that belongs to a stage until it is closed, whether somebody listens on it or not. It is held by a socket
 * that is bound and does not listen: a server that allows the reuse of addresses ({@code SO_REUSEADDR}, as Millrace and Redis
 * do) can bind and leave it as often as it wants, {@link LoopbackPort#find} gives it to nobody, in this process or another, and
 * no outgoing connection gets it. See {@code man 7 socket}.
 */
final class HeldPort implements Closeable {
    private static final int TRIES = 10;

    private final Socket holder;

    private HeldPort(final Socket holder) {
        this.holder = holder;
    }

    /** Holds any port that is free. */
    static HeldPort take() throws IOException {
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
    int number() {
        return holder.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        holder.close();
    }
}
