package io.millrace.server.tls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.cert.Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A client that sends any bytes through the JDK's TLS, over a socket that it can end by itself. */
public final class TlsClient implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 120_000;

    private final Socket socket = new Socket();
    private final SSLSocket tls;

    /** Connects; the handshake is still to come. */
    public TlsClient(final InetSocketAddress address, final SSLContext context) throws IOException {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.connect(address, TIMEOUT_MILLIS);
        tls = (SSLSocket) context.getSocketFactory().createSocket(socket, "localhost", address.getPort(), true);
    }

    public TlsClient protocol(final String protocol) {
        tls.setEnabledProtocols(new String[] {protocol});
        return this;
    }

    /** What is offered by ALPN. */
    public TlsClient offer(final String... protocols) {
        final SSLParameters parameters = tls.getSSLParameters();
        parameters.setApplicationProtocols(protocols);
        tls.setSSLParameters(parameters);
        return this;
    }

    /** Does the handshake; a second time, it asks for another one. */
    public TlsClient handshake() throws IOException {
        tls.startHandshake();
        return this;
    }

    /** What ALPN has come to; empty for nothing. */
    public String chosen() {
        return tls.getApplicationProtocol();
    }

    public Certificate certificate() throws IOException {
        return tls.getSession().getPeerCertificates()[0];
    }

    public TlsClient send(final byte[] bytes, final int from, final int to) throws IOException {
        tls.getOutputStream().write(bytes, from, to - from);
        return this;
    }

    public TlsClient send(final String text) throws IOException {
        final byte[] bytes = text.getBytes(ISO_8859_1);
        return send(bytes, 0, bytes.length);
    }

    /** Ends the output of the socket, without a word of TLS. */
    public TlsClient endOutput() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /** Everything until the server ends, as TLS demands: without its word for that, this fails. */
    public String readAll() throws IOException {
        final ByteArrayOutputStream received = new ByteArrayOutputStream();
        tls.getInputStream().transferTo(received);
        return received.toString(ISO_8859_1);
    }

    /** Everything until this has come. */
    public String readUntil(final String end) throws IOException {
        final StringBuilder received = new StringBuilder();
        while (received.indexOf(end) < 0) {
            final int next = tls.getInputStream().read();
            if (next < 0) {
                throw new IOException("closed after " + received);
            }
            received.append((char) next);
        }
        return received.toString();
    }

    /** One that trusts this certificate, with its handshake done. */
    public static TlsClient connect(final InetSocketAddress address, final TestCertificate trusted) throws Exception {
        return new TlsClient(address, trusted.trusting()).handshake();
    }

    /** The protocols that a server of ours speaks. */
    public static List<String> protocols() {
        return List.of("TLSv1.3", "TLSv1.2");
    }

    @Override
    public void close() throws IOException {
        // Not by TLS: that may wait.
        socket.close();
    }
}
