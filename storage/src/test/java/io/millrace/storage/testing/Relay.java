package io.millrace.storage.testing;

import io.millrace.storage.embedded.process.HeldPort;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/**
 * An address of its own that leads to a server on loopback as long as it is open; nobody listens there else. What passes may be
 * watched, and cut at any point. Thread-safe; two threads a connection.
 */
public final class Relay implements Closeable {
    private static final int BACKLOG = 50;
    private static final int PIECE_BYTES = 1 << 16;

    /** Which way bytes go. */
    public enum Direction {
        /** Requests. */
        TO_SERVER,
        /** Replies. */
        TO_CLIENT
    }

    /** Sees each piece before it is passed on. */
    @FunctionalInterface
    public interface Tap {
        /** Whether it is passed on; if not, its connection is cut. */
        boolean passes(Direction direction, byte[] bytes, int length);
    }

    private final HeldPort port = HeldPort.take();
    private final int target;
    private final Tap tap;
    private final List<Closeable> sockets = new ArrayList<>();
    private ServerSocket listener;
    private volatile boolean swallowing;

    /** Leads to that port; nobody listens yet. */
    public Relay(final int target) throws IOException {
        this(target, (direction, bytes, length) -> true);
    }

    /** Likewise, with a tap. */
    public Relay(final int target, final Tap tap) throws IOException {
        this.target = target;
        this.tap = tap;
    }

    /** Where it listens, on loopback. */
    public int port() {
        return port.number();
    }

    /** Begins to listen. */
    public synchronized void open() throws IOException {
        final ServerSocket opened = new ServerSocket();
        opened.setReuseAddress(true);
        opened.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port.number()), BACKLOG);
        listener = opened;
        inBackground(() -> accept(opened));
    }

    /** Whether requests come through and their replies do not: the connection is cut when one begins. */
    public void swallowReplies(final boolean swallow) {
        swallowing = swallow;
    }

    /** Cuts every connection and listens no more, until it is opened again. */
    public synchronized void cut() throws IOException {
        if (listener != null) {
            listener.close();
            listener = null;
        }
        for (final Closeable socket : sockets) {
            socket.close();
        }
        sockets.clear();
    }

    @Override
    public void close() throws IOException {
        cut();
        port.close();
    }

    private void accept(final ServerSocket from) throws IOException {
        while (!from.isClosed()) {
            connect(from, from.accept());
        }
    }

    /** Not one that was accepted just before a cut. */
    private synchronized void connect(final ServerSocket from, final Socket near) throws IOException {
        final Socket far = new Socket();
        if (from != listener) {
            near.close();
            return;
        }
        sockets.add(near);
        sockets.add(far);
        inBackground(() -> {
            try (near;
                    far) {
                far.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
                inBackground(() -> copy(far, near, Direction.TO_CLIENT));
                copy(near, far, Direction.TO_SERVER);
            }
        });
    }

    private void copy(final Socket from, final Socket to, final Direction direction) throws IOException {
        try (from;
                to) {
            final byte[] piece = new byte[PIECE_BYTES];
            for (int length = from.getInputStream().read(piece);
                    length > 0 && passes(direction, piece, length);
                    length = from.getInputStream().read(piece)) {
                to.getOutputStream().write(piece, 0, length);
            }
        }
    }

    private boolean passes(final Direction direction, final byte[] piece, final int length) {
        return !(swallowing && direction == Direction.TO_CLIENT) && tap.passes(direction, piece, length);
    }

    private static void inBackground(final Work work) {
        final Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (final IOException closed) {
                // One of both ends, or the test, has closed the connection, or the server is gone; the other end learns
                // it by
                // a close of its own.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    /** Moves bytes until a socket is closed. */
    @FunctionalInterface
    private interface Work {
        void run() throws IOException;
    }
}
