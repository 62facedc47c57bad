package io.millrace.server.endtoend;

import io.millrace.storage.embedded.process.LoopbackPort;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** An address that nobody listens on until it is opened, and that leads to a server on loopback from then on. */
final class Relay implements Closeable {
    private static final int BACKLOG = 50;
    private static final int PIECE_BYTES = 8192;

    private final int port;
    private final int target;
    private volatile boolean swallowing;
    private final Queue<Closeable> sockets = new ConcurrentLinkedQueue<>();

    Relay(final int target) throws IOException {
        this.target = target;
        port = LoopbackPort.find();
    }

    int port() {
        return port;
    }

    /** Begins to listen. */
    void open() throws IOException {
        final ServerSocket listener = new ServerSocket();
        sockets.add(listener);
        listener.setReuseAddress(true);
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
        inBackground(() -> accept(listener));
    }

    /** Whether requests come through and their replies do not: the connection is cut when one begins. */
    void swallowReplies(final boolean swallow) {
        swallowing = swallow;
    }

    /** Cuts every connection and listens no more, until it is opened again. */
    void cut() throws IOException {
        for (Closeable socket = sockets.poll(); socket != null; socket = sockets.poll()) {
            socket.close();
        }
    }

    @Override
    public void close() throws IOException {
        cut();
    }

    private void accept(final ServerSocket listener) throws IOException {
        while (!listener.isClosed()) {
            final Socket near = listener.accept();
            sockets.add(near);
            final Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
            sockets.add(far);
            inBackground(() -> copy(near, far));
            inBackground(() -> copyReplies(far, near));
        }
    }

    private static void copy(final Socket from, final Socket to) throws IOException {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        }
    }

    private void copyReplies(final Socket from, final Socket to) throws IOException {
        try (from;
                to) {
            final byte[] piece = new byte[PIECE_BYTES];
            int length = from.getInputStream().read(piece);
            while (length > 0 && !swallowing) {
                to.getOutputStream().write(piece, 0, length);
                length = from.getInputStream().read(piece);
            }
        }
    }

    private static void inBackground(final Work work) {
        final Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (final IOException closed) {
                // One of both ends, or the test, has closed the connection; the other end learns it by a close of its
                // own.
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
