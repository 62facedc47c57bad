package io.millrace.storage.embedded.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class HeldPortTest {
    @Test
    void aServerThatAllowsReuseComesAndGoes() throws IOException {
        try (HeldPort port = HeldPort.take()) {
            for (int start = 0; start < 3; start++) {
                try (ServerSocket server = bind(port.number(), true)) {
                    assertThat(server.isBound()).isTrue();
                }
            }
        }
    }

    @Test
    void nobodyWhoAsksForAPortOfHisOwnGetsIt() throws IOException {
        try (HeldPort port = HeldPort.take()) {
            assertThatThrownBy(() -> bind(port.number(), false)).isInstanceOf(BindException.class);
        }
    }

    private static ServerSocket bind(final int port, final boolean reuse) throws IOException {
        final ServerSocket server = new ServerSocket();
        try {
            server.setReuseAddress(reuse);
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return server;
        } catch (final IOException e) {
            server.close();
            throw e;
        }
    }
}
