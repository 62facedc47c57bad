package io.millrace.storage.embedded.redis;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * Asks a redis-server that was just started whether it is the one and ready, over a plain socket: the client library would take
 * longer to load than Redis to start. Protocol: <a href="https://redis.io/docs/latest/develop/reference/protocol-spec/">
 * RESP2</a>, inline commands.
 */
final class RedisProbe {
    /** What is found behind the port. */
    enum State {
        /** Nobody answers, or somebody else does. */
        ABSENT,
        /** Our child, still reading its files. */
        LOADING,
        /** Our child. */
        READY
    }

    private static final int TIMEOUT_MILLIS = 1_000;
    private static final int MAX_REPLY_BYTES = 256 * 1024;
    private static final int MAX_LINE_BYTES = 512;

    private RedisProbe() {}

    static State probe(final RedisConfig config, final long pid) {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), config.port()), TIMEOUT_MILLIS);
            socket.getOutputStream()
                    .write(("AUTH " + config.password() + "\r\nINFO\r\n").getBytes(StandardCharsets.US_ASCII));
            final DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            if (!readLine(in).equals("+OK")) {
                return State.ABSENT;
            }
            return stateOf(readBulk(in), pid);
        } catch (final IOException notYet) {
            return State.ABSENT;
        }
    }

    private static State stateOf(final String info, final long pid) {
        if (info.lines().noneMatch(("process_id:" + pid)::equals)) {
            return State.ABSENT;
        }
        return info.lines().anyMatch("loading:1"::equals) ? State.LOADING : State.READY;
    }

    private static String readBulk(final DataInputStream in) throws IOException {
        final String header = readLine(in);
        if (!header.matches("\\$\\d{1,9}")) {
            throw new IOException("no bulk reply: " + header);
        }
        final int length = Integer.parseInt(header.substring(1));
        if (length > MAX_REPLY_BYTES) {
            throw new IOException("an INFO of " + length + " bytes");
        }
        final byte[] bytes = new byte[length];
        in.readFully(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static String readLine(final DataInputStream in) throws IOException {
        final StringBuilder line = new StringBuilder();
        for (byte next = in.readByte(); next != '\n'; next = in.readByte()) {
            if (line.length() == MAX_LINE_BYTES) {
                throw new IOException("a line without end");
            }
            line.append((char) next);
        }
        return line.toString().strip();
    }
}
