package io.millrace.server.endtoend;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** One connection that sends what it is told, pipelined if it is told so, and reads the replies in order. */
final class HttpClient implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 120_000;

    private final Socket socket = new Socket();
    private final InputStream in;
    private final String host;
    private final ByteArrayOutputStream unsent = new ByteArrayOutputStream();

    HttpClient(final InetSocketAddress address) throws IOException {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.connect(address, TIMEOUT_MILLIS);
        in = new BufferedInputStream(socket.getInputStream());
        host = address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    /** Queues a GET until {@link #flush()}. */
    void get(final String target) {
        head("GET " + target);
        text("\r\n");
    }

    /** Queues a POST until {@link #flush()}. */
    void post(final String target, final String contentType, final String body) {
        final byte[] bytes = body.getBytes(UTF_8);
        head("POST " + target);
        text("Content-Type: " + contentType + "\r\nContent-Length: " + bytes.length + "\r\n\r\n");
        unsent.writeBytes(bytes);
    }

    /** Sends what was queued. */
    void flush() throws IOException {
        socket.getOutputStream().write(unsent.toByteArray());
        socket.getOutputStream().flush();
        unsent.reset();
    }

    /** Sends what was queued and reads one reply. */
    Reply exchange() throws IOException {
        flush();
        return read();
    }

    /** Reads the next reply. */
    Reply read() throws IOException {
        final String status = line();
        final List<String> fields = new ArrayList<>();
        int length = 0;
        for (String field = line(); !field.isEmpty(); field = line()) {
            fields.add(field);
            if (field.regionMatches(true, 0, "content-length:", 0, 15)) {
                length = Integer.parseInt(field.substring(15).strip());
            }
        }
        final byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new EOFException("the reply's body was cut short");
        }
        return new Reply(Integer.parseInt(status.substring(9, 12)), fields, new String(body, UTF_8));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private void head(final String request) {
        text(request + " HTTP/1.1\r\nHost: " + host + "\r\n");
    }

    private void text(final String text) {
        unsent.writeBytes(text.getBytes(ISO_8859_1));
    }

    private String line() throws IOException {
        final StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the connection was closed");
            }
            line.append((char) next);
        }
        return line.substring(0, line.length() - 1);
    }

    /** A reply to one request. */
    record Reply(int status, List<String> fields, String body) {
        /** The number behind {@code "name":} in the body, or −1. */
        long number(final String name) {
            final int at = body.indexOf('"' + name + "\":");
            if (at < 0) {
                return -1;
            }
            int end = at + name.length() + 3;
            final int start = end;
            while (end < body.length() && "-0123456789".indexOf(body.charAt(end)) >= 0) {
                end++;
            }
            return Long.parseLong(body.substring(start, end));
        }
    }
}
