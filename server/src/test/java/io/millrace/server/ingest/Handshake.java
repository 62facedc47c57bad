package io.millrace.server.ingest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;

/** A client of TLS 1.2 whose records a test can have in its hands. */
final class Handshake {
    private static final int BUFFER_BYTES = 1 << 16;

    private final SSLEngine engine;

    private Handshake(final SSLEngine engine) {
        this.engine = engine;
    }

    static Handshake complete(final Socket socket, final SSLContext context) throws IOException {
        final SSLEngine engine = context.createSSLEngine("localhost", socket.getPort());
        engine.setUseClientMode(true);
        engine.setEnabledProtocols(new String[] {"TLSv1.2"});
        engine.beginHandshake();
        final ByteBuffer received = ByteBuffer.allocate(BUFFER_BYTES).limit(0);
        while (true) {
            final HandshakeStatus status = engine.getHandshakeStatus();
            switch (status) {
                case NEED_WRAP -> socket.getOutputStream().write(wrap(engine, new byte[0]));
                case NEED_TASK -> engine.getDelegatedTask().run();
                case NEED_UNWRAP -> {
                    final SSLEngineResult result = engine.unwrap(received, ByteBuffer.allocate(BUFFER_BYTES));
                    if (result.getStatus() == SSLEngineResult.Status.BUFFER_UNDERFLOW) {
                        received.compact();
                        final int read = socket.getInputStream()
                                .read(received.array(), received.position(), received.remaining());
                        if (read < 0) {
                            throw new IOException("closed in the handshake");
                        }
                        received.position(received.position() + read).flip();
                    }
                }
                default -> {
                    return new Handshake(engine);
                }
            }
        }
    }

    /** The record that carries a text. */
    byte[] encrypt(final String text) throws IOException {
        return wrap(engine, text.getBytes(ISO_8859_1));
    }

    private static byte[] wrap(final SSLEngine engine, final byte[] content) throws IOException {
        final ByteBuffer record = ByteBuffer.allocate(BUFFER_BYTES);
        engine.wrap(ByteBuffer.wrap(content), record);
        return Arrays.copyOf(record.array(), record.position());
    }
}
