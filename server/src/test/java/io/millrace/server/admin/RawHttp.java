package io.millrace.server.admin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Map;
import java.util.TreeMap;

/** A connection on which a test says what it likes, and reads replies one after the other. */
final class RawHttp implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 120_000;

    private final Socket socket;
    private final InputStream in;

    RawHttp(final InetSocketAddress address) throws IOException {
        socket = new Socket(address.getAddress(), address.getPort());
        socket.setSoTimeout(TIMEOUT_MILLIS);
        in = new BufferedInputStream(socket.getInputStream());
    }

    RawHttp send(final String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(ISO_8859_1));
        socket.getOutputStream().flush();
        return this;
    }

    /** Reads a reply to a request of another method than HEAD. */
    Reply reply() throws IOException {
        final Reply head = head();
        final byte[] body = in.readNBytes(Integer.parseInt(head.fields().getOrDefault("content-length", "0")));
        return new Reply(head.status(), head.fields(), new String(body, UTF_8));
    }

    /** Reads a reply that has no body. */
    Reply head() throws IOException {
        final int status = Integer.parseInt(line().split(" ", 3)[1]);
        final Map<String, String> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line = line(); !line.isEmpty(); line = line()) {
            final int colon = line.indexOf(':');
            fields.put(line.substring(0, colon), line.substring(colon + 1).strip());
        }
        return new Reply(status, fields, "");
    }

    boolean isClosedByServer() throws IOException {
        return in.read() < 0;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private String line() throws IOException {
        final StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the connection was closed after " + line);
            }
            line.append((char) b);
        }
        return line.toString().strip();
    }

    record Reply(int status, Map<String, String> fields, String body) {}
}
