package io.millrace.server.ingest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Many connections at a time, each sending its own pieces. A piece goes out when the server has read all pieces before it, by
 * its own count of bytes: it reads exactly these pieces, however the kernel would cut a stream.
 */
final class PiecewiseClients {
    private static final int CONNECTIONS = 400;
    private static final int TIMEOUT_MILLIS = 120_000;
    private static final long POLL_NANOS = 20_000;

    private final InetSocketAddress address;
    private final LongSupplier received;
    private int batches;

    /**
     * Makes clients of one server.
     *
     * @param received the bytes that the server has read so far
     */
    PiecewiseClients(final InetSocketAddress address, final LongSupplier received) {
        this.address = address;
        this.received = received;
    }

    /**
     * Sends each connection's pieces and ends its output.
     *
     * @return what the server sent on each until it ended its own
     */
    List<String> exchange(final List<List<byte[]>> connections) throws IOException {
        final List<String> replies = new ArrayList<>();
        for (int from = 0; from < connections.size(); from += CONNECTIONS) {
            final int to = Math.min(connections.size(), from + CONNECTIONS);
            replies.addAll(exchangeAtOnce(connections.subList(from, to)));
        }
        return replies;
    }

    private List<String> exchangeAtOnce(final List<List<byte[]>> connections) throws IOException {
        final List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < connections.size(); i++) {
                sockets.add(connect());
            }
            int most = 0;
            for (final List<byte[]> pieces : connections) {
                most = Math.max(most, pieces.size());
            }
            for (int round = 0; round < most; round++) {
                send(sockets, connections, round);
            }
            final List<String> replies = new ArrayList<>();
            for (final Socket socket : sockets) {
                socket.shutdownOutput();
            }
            for (final Socket socket : sockets) {
                replies.add(new String(socket.getInputStream().readAllBytes(), ISO_8859_1));
            }
            return replies;
        } finally {
            batches++;
            for (final Socket socket : sockets) {
                socket.close();
            }
        }
    }

    private void send(final List<Socket> sockets, final List<List<byte[]>> connections, final int round)
            throws IOException {
        long expected = received.getAsLong();
        for (int i = 0; i < sockets.size(); i++) {
            if (round < connections.get(i).size()) {
                final byte[] piece = connections.get(i).get(round);
                sockets.get(i).getOutputStream().write(piece);
                expected += piece.length;
            }
        }
        final long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MILLIS);
        while (received.getAsLong() < expected) {
            assertThat(System.nanoTime() - deadlineNanos)
                    .as("time waited for a piece to be read")
                    .isNegative();
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    /** From another address of the loopback network for each batch: its ports are not used up by connections that are over. */
    private Socket connect() throws IOException {
        final Socket socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.bind(new InetSocketAddress("127.0." + (1 + batches % 250) + ".1", 0));
        socket.connect(address, TIMEOUT_MILLIS);
        return socket;
    }
}
