package io.millrace.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** A server that does with its connections what a test says. */
public final class RudeServer implements AutoCloseable {
    private static final int BUFFER_BYTES = 4096;

    private final ServerSocket listener;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicLong received = new AtomicLong();

    private RudeServer(final ServerSocket listener) {
        this.listener = listener;
    }

    /** Listens on any free port of loopback. */
    public static RudeServer start(final Manner manner) throws IOException {
        final RudeServer server = new RudeServer(new ServerSocket(0, 100, InetAddress.getLoopbackAddress()));
        server.threads.execute(() -> server.accept(manner));
        return server;
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    /** Bytes so far. */
    long received() {
        return received.get();
    }

    private void accept(final Manner manner) {
        try {
            while (true) {
                final Socket socket = listener.accept();
                threads.execute(() -> serve(socket, manner));
            }
        } catch (final IOException e) {
            // It was closed: the test is over.
        }
    }

    private void serve(final Socket socket, final Manner manner) {
        try (socket) {
            manner.serve(new Connection(socket, received));
        } catch (final IOException e) {
            // The client has gone, as it may.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        threads.shutdownNow();
    }

    /** What is done with a connection, which is closed then. */
    public interface Manner {
        /** Does it. */
        void serve(Connection connection) throws IOException;
    }

    /** A connection. */
    public record Connection(Socket socket, AtomicLong received) {
        /** Waits for some bytes and answers them. */
        public void answerOnce(final String reply) throws IOException {
            read();
            socket.getOutputStream().write(reply.getBytes(US_ASCII));
            socket.shutdownOutput();
            readOnly();
        }

        /** Reads to the end. */
        public void readOnly() throws IOException {
            while (read() >= 0) {
                // The client says when it is over.
            }
        }

        private int read() throws IOException {
            final int length = socket.getInputStream().read(new byte[BUFFER_BYTES]);
            received.addAndGet(Math.max(0, length));
            return length;
        }
    }
}
