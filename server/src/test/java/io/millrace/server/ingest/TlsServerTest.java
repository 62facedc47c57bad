package io.millrace.server.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.server.http.Case;
import io.millrace.server.http.ConformanceCases;
import io.millrace.server.http.CorsPolicy;
import io.millrace.server.http.HttpLimits;
import io.millrace.server.http.IngestCounter;
import io.millrace.server.http.ReplyReader;
import io.millrace.server.tls.TestCertificate;
import io.millrace.server.tls.TlsClient;
import io.millrace.server.tls.TlsIdentity;
import io.millrace.server.tls.TlsPort;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ingest port behind TLS, over real sockets, with the JDK's client. */
class TlsServerTest {
    private static final String PIXEL = "GET /pixel.gif?u=u&a=a&e=e HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final int JOURNAL_BYTES = 1 << 26;
    private static final int PATIENT_MILLIS = 60_000;

    @TempDir
    private static Path certificates;

    private static TestCertificate certificate;

    @TempDir
    private Path folder;

    private RunningServer server;
    private TlsPort port;

    @BeforeAll
    static void makeCertificate() throws Exception {
        certificate = TestCertificate.create(certificates, "localhost");
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void shouldConform(final String protocol) throws Exception {
        start(PATIENT_MILLIS);
        for (final Case test : ConformanceCases.all()) {
            final byte[] bytes = test.bytes();
            final int heads = test.text().toUpperCase(Locale.ROOT).startsWith("HEAD ") ? 1 : 0;
            for (final int split : new int[] {bytes.length, bytes.length / 2}) {
                try (TlsClient client = connect().protocol(protocol)) {
                    client.send(bytes, 0, split);
                    client.send(bytes, split, bytes.length).endOutput();
                    assertThat(ReplyReader.summary(ReplyReader.read(client.readAll(), heads)))
                            .as("%s, split at %d", test, split)
                            .isEqualTo(test.expected());
                }
            }
        }
        assertThat(server.counter(IngestCounter.CONNECTIONS_FAILED)).isZero();
        assertThat(server.counter(IngestCounter.TLS_HANDSHAKE_FAILURES)).isZero();
    }

    @Test
    void shouldRecordExactlyWhatItAcknowledged() throws Exception {
        start(PATIENT_MILLIS);
        try (TlsClient client = connect()) {
            client.send(PIXEL.repeat(5000)).endOutput();
            assertThat(ReplyReader.read(client.readAll(), 0)).hasSize(5000).allMatch(r -> r.startsWith("HTTP/1.1 200"));
        }
        assertThat(server.accepted()).isEqualTo(5000);
        assertThat(server.counter(IngestCounter.TLS_HANDSHAKES)).isEqualTo(1);
    }

    /** The reply arrives, and after it TLS's own end: no reset overtakes them, though the client still sends. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void shouldLetTheClientSeeWhyItsLargeBodyIsRefused(final String protocol) throws Exception {
        start(PATIENT_MILLIS);
        try (TlsClient client = connect().protocol(protocol)) {
            client.send("POST /events HTTP/1.1\r\nHost: a\r\nContent-Length: 8000000\r\n\r\n");
            client.send(" ".repeat(8_000_000)).endOutput();
            assertThat(client.readAll()).startsWith("HTTP/1.1 413 ").endsWith("}");
        }
        assertThat(server.counter(IngestCounter.CONNECTIONS_FAILED)).isZero();
    }

    @Test
    void shouldChooseHttp1ByAlpnAndRefuseWhoWantsAnotherProtocol() throws Exception {
        start(PATIENT_MILLIS);
        try (TlsClient both = connect().offer("h2", "http/1.1").handshake()) {
            assertThat(both.chosen()).isEqualTo("http/1.1");
        }
        try (TlsClient silent = connect().handshake()) {
            assertThat(silent.chosen()).isEmpty();
        }
        try (TlsClient other = connect().offer("h2")) {
            assertThatThrownBy(other::handshake)
                    .isInstanceOf(SSLHandshakeException.class)
                    .hasMessageContaining("no_application_protocol");
        }
        RunningServer.await(() -> server.counter(IngestCounter.TLS_HANDSHAKE_FAILURES) == 1);
    }

    /** A ClientHello of TLS 1.0 and one of 1.1, as they went over the wire: the JDK's client does not speak so any more. */
    @ParameterizedTest
    @ValueSource(strings = {"0301", "0302"})
    void shouldNotSpeakOlderVersions(final String version) throws Exception {
        start(PATIENT_MILLIS);
        final String hello = version + "00".repeat(32) + "00" + "0004" + "c009c013" + "0100";
        final String handshake = "01" + String.format(Locale.ROOT, "%06x", hello.length() / 2) + hello;
        final String record = "160301" + String.format(Locale.ROOT, "%04x", handshake.length() / 2) + handshake;
        try (Socket socket = new Socket(server.address.getAddress(), server.address.getPort())) {
            socket.getOutputStream().write(HexFormat.of().parseHex(record));
            // An alert: fatal, protocol_version (RFC 5246, 7.2).
            assertThat(HexFormat.of().formatHex(socket.getInputStream().readAllBytes()))
                    .startsWith("15")
                    .endsWith("00020246");
        }
    }

    @Test
    void shouldEndConnectionsThatSpeakSomethingElse() throws Exception {
        start(PATIENT_MILLIS);
        for (final String text : List.of(PIXEL, "\0\0\0\0\0\0\0\0", "\u0016\u0003\u0001\u0000\u0005hello")) {
            try (Client client = new Client(server.address)) {
                assertThat(client.send(text).readAll()).doesNotContain("HTTP");
            }
        }
        RunningServer.await(() -> server.counter(IngestCounter.CONNECTIONS_CLOSED) == 3);
        assertThat(server.counter(IngestCounter.TLS_HANDSHAKE_FAILURES)).isEqualTo(3);
        assertThat(server.accepted()).isZero();
        assertServes();
    }

    /** Bytes that were changed on their way end the connection, and nothing of them is taken. */
    @Test
    void shouldEndAConnectionWhoseRecordsAreForged() throws Exception {
        start(PATIENT_MILLIS);
        try (Socket socket = new Socket(server.address.getAddress(), server.address.getPort())) {
            final Handshake handshake = Handshake.complete(socket, certificate.trusting());
            final byte[] record = handshake.encrypt(PIXEL);
            record[record.length - 1] ^= 1;
            socket.getOutputStream().write(record);
            assertThat(socket.getInputStream().readAllBytes()).isNotNull();
        }
        RunningServer.await(() -> server.counter(IngestCounter.CONNECTIONS_CLOSED) == 1);
        assertThat(server.accepted()).isZero();
        assertServes();
    }

    @Test
    void shouldEndAHandshakeThatDoesNotComeToItsEnd() throws Exception {
        start(200);
        try (Client silent = new Client(server.address);
                Client slow = new Client(server.address).send("\u0016\u0003\u0001\u0002")) {
            assertThat(silent.readAll()).isEmpty();
            assertThat(slow.readAll()).isEmpty();
        }
        RunningServer.await(() -> server.counter(IngestCounter.TLS_HANDSHAKE_FAILURES) == 2);
        assertServes();
    }

    @Test
    void shouldGiveUpAHandshakeThatThePeerGivesUp() throws Exception {
        start(PATIENT_MILLIS);
        new Client(server.address).send("\u0016\u0003\u0001\u0002").close();
        RunningServer.await(() -> server.counter(IngestCounter.CONNECTIONS_CLOSED) == 1);
        assertThat(server.counter(IngestCounter.CONNECTIONS_FAILED)).isZero();
        assertServes();
    }

    @Test
    void shouldRefuseAClientThatDoesNotTrustIt() throws Exception {
        start(PATIENT_MILLIS);
        final TestCertificate stranger = TestCertificate.create(folder, "stranger");
        try (TlsClient client = new TlsClient(server.address, stranger.trusting())) {
            assertThatThrownBy(client::handshake).isInstanceOf(SSLException.class);
        }
        RunningServer.await(() -> server.counter(IngestCounter.CONNECTIONS_CLOSED) == 1);
        assertServes();
    }

    @Test
    void shouldServeConnectionsToComeWithAnotherCertificate() throws Exception {
        start(PATIENT_MILLIS);
        final TestCertificate next = TestCertificate.create(folder, "localhost");
        try (TlsClient before = connect().handshake()) {
            port.identity(TlsIdentity.load(next.files()));
            try (TlsClient after = TlsClient.connect(server.address, next)) {
                assertThat(after.certificate()).isEqualTo(next.certificate());
                assertThat(after.send(PIXEL).readUntil("GIF89a")).startsWith("HTTP/1.1 200 ");
            }
            assertThat(before.send(PIXEL).readUntil("GIF89a")).startsWith("HTTP/1.1 200 ");
        }
    }

    /** Other keys hold from the next request on, on connections that are open too. */
    @Test
    void shouldTakeOtherWriteKeys() throws Exception {
        server = new RunningServer(
                folder,
                new IngestSettings(
                        HttpLimits.DEFAULTS, WriteKeys.of(List.of("old")), CorsPolicy.ANY, AckSettings.DEFAULTS),
                JOURNAL_BYTES);
        final String old = PIXEL.replace("?", "?writeKey=old&");
        final String young = PIXEL.replace("?", "?writeKey=young&");
        try (Client client = new Client(server.address)) {
            client.send(old + young);
            assertThat(statuses(client.read(2))).containsExactly("200", "401");
            server.writeKeys(WriteKeys.of(List.of("young", "other")));
            client.send(old + young);
            assertThat(statuses(client.read(4))).containsExactly("200", "401", "401", "200");
        }
    }

    private void start(final int handshakeMillis) throws Exception {
        port = new TlsPort(TlsIdentity.load(certificate.files()), handshakeMillis);
        server = new RunningServer(folder, IngestSettings.DEFAULTS, JOURNAL_BYTES, port);
    }

    private TlsClient connect() throws Exception {
        return new TlsClient(server.address, certificate.trusting());
    }

    private void assertServes() throws Exception {
        try (TlsClient client = connect()) {
            assertThat(client.send(PIXEL).readUntil("GIF89a")).startsWith("HTTP/1.1 200 ");
        }
    }

    private static List<String> statuses(final String replies) throws IOException {
        return ReplyReader.read(replies, 0).stream()
                .map(reply -> reply.substring(9, 12))
                .toList();
    }
}
