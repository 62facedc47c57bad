package io.millrace.server.ingest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.millrace.server.http.ReplyReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/** A client that sends any bytes. */
final class Client implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 120_000;

    private final Socket socket = new Socket();
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();

    Client(final InetSocketAddress address) throws IOException {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.connect(address, TIMEOUT_MILLIS);
    }

    Client send(final byte[] bytes, final int from, final int to) throws IOException {
        socket.getOutputStream().write(bytes, from, to - from);
        return this;
    }

    Client send(final String text) throws IOException {
        final byte[] bytes = text.getBytes(ISO_8859_1);
        return send(bytes, 0, bytes.length);
    }

    /** Breaks the connection: the server gets a reset. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    Client endOutput() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /** Everything until the server closes. */
    String readAll() throws IOException {
        final byte[] piece = new byte[1 << 16];
        for (int n = read(piece); n >= 0; n = read(piece)) {
            received.write(piece, 0, n);
        }
        return text();
    }

    /** Everything until so many replies are complete. */
    String read(final int replies) throws IOException {
        return read(replies, 0);
    }

    /**
     * The same.
     *
     * @param heads how many of the first replies have no body, because they are to HEAD
     */
    String read(final int replies, final int heads) throws IOException {
        final byte[] piece = new byte[1 << 16];
        while (!complete(replies, heads)) {
            final int n = read(piece);
            if (n < 0) {
                throw new IOException("closed after " + text());
            }
            received.write(piece, 0, n);
        }
        return text();
    }

    private boolean complete(final int replies, final int heads) {
        try {
            return ReplyReader.read(text(), heads).size() >= replies;
        } catch (final AssertionError cutOff) {
            return false;
        }
    }

    private int read(final byte[] piece) throws IOException {
        return socket.getInputStream().read(piece);
    }

    private String text() {
        return received.toString(ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
