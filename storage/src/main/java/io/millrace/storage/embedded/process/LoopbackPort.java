package io.millrace.storage.embedded.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports on loopback for children. Between finding one and binding it somebody else may take it: then try another. */
public final class LoopbackPort {
    /** Linux gives the ports from 32768 on to outgoing connections: one of these cannot come between, nor while a child is down. */
    private static final int FIRST = 20_000;

    private static final int BEHIND_LAST = 32_768;
    private static final int TRIES = 100;

    private LoopbackPort() {}

    /** A port that nobody listens on, nor holds for a server that is to come. */
    public static int find() throws IOException {
        for (int i = 0; i < TRIES; i++) {
            final int port = ThreadLocalRandom.current().nextInt(FIRST, BEHIND_LAST);
            if (canBind(port, false)) {
                return port;
            }
        }
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Whether nobody listens on it. */
    public static boolean isFree(final int port) {
        return canBind(port, true);
    }

    /** Without reuse of addresses a socket that is bound and does not listen is in the way, too. */
    private static boolean canBind(final int port, final boolean reuse) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(reuse);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1);
            return true;
        } catch (final IOException taken) {
            return false;
        }
    }
}
