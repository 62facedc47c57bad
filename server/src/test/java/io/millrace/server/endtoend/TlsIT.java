package io.millrace.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.server.tls.TestCertificate;
import io.millrace.server.tls.TlsClient;
import io.millrace.server.tls.TlsFiles;
import io.millrace.storage.testing.Await;
import io.millrace.storage.testing.PostgresExtension;
import io.millrace.storage.testing.Signals;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** TLS and write keys of a server that runs, while their files change, and what of them can be seen: nothing. */
class TlsIT {
    @RegisterExtension
    static final PostgresExtension POSTGRES = new PostgresExtension();

    private static final List<String> KEYS = List.of("it-first-write-key", "it-second-write-key", "it-third-write-key");
    private static final String EVENT = "{\"user_id\":42,\"action\":\"click\",\"element\":\"buy\"}";
    private static final String PIXEL = "GET /pixel.gif?u=u&a=a&e=e&writeKey=%s HTTP/1.1\r\nHost: a\r\n\r\n";

    @TempDir
    private Path folder;

    @Test
    void shouldServeByTlsAndTakeWhatChangesWithoutShowingIt() throws Exception {
        final TestCertificate first = TestCertificate.create(folder, "first");
        final TestCertificate second =
                TestCertificate.create(folder, "second", "-keyalg", "RSA", "-keysize", "2048", "-validity", "10");
        final TestCertificate third = TestCertificate.create(folder, "third");
        final TlsFiles files = new TlsFiles(folder.resolve("tls.crt"), folder.resolve("tls.key"));
        use(first, files);
        final Path keys = Files.writeString(folder.resolve("keys"), KEYS.get(0) + "\n");
        try (Stores stores = Stores.start(POSTGRES);
                ServerProcess server = ServerProcess.start(options(stores, files, keys))) {
            assertThat(server.output())
                    .contains("https://127.0.0.1:" + server.ingest().getPort() + "/events");
            assertThat(post(server.ingest(), first, KEYS.get(0))).isEqualTo(202);
            assertThat(post(server.ingest(), first, KEYS.get(1))).isEqualTo(401);
            assertNoNewHandshakeOnDemand(server.ingest(), first);

            // Both files change, by renaming; seen by looking.
            use(second, files);
            Await.until("the second certificate is served", () -> serves(server.ingest(), second));
            assertThat(post(server.ingest(), second, KEYS.get(0))).isEqualTo(202);

            // A key that does not belong to it: the former pair holds on.
            Files.copy(third.files().key(), files.key(), StandardCopyOption.REPLACE_EXISTING);
            Await.until(
                    "it is refused",
                    () -> server.admin("/metrics").body().contains("\nmillrace_reload_failures_total 1.0\n"));
            assertThat(server.admin("/metrics").body()).contains("\nmillrace_reload_last_successful 0.0\n");
            // It is counted first.
            Await.until(
                    "it is said", () -> server.output().contains("the former ones hold on: --tls-key=" + files.key()));
            assertThat(serves(server.ingest(), second)).isTrue();

            // Both at once, by a signal.
            use(third, files);
            Files.writeString(keys, "# rotated\n" + KEYS.get(1) + "\n" + KEYS.get(2) + "\n");
            Signals.send("HUP", server.pid());
            Await.until("the third certificate is served", () -> serves(server.ingest(), third));
            Await.until("the keys are taken", () -> post(server.ingest(), third, KEYS.get(2)) == 202);
            assertThat(server.admin("/metrics").body()).contains("\nmillrace_reload_last_successful 1.0\n");
            assertThat(post(server.ingest(), third, KEYS.get(0))).isEqualTo(401);

            Files.writeString(keys, KEYS.get(0) + " and more\n");
            Signals.send("HUP", server.pid());
            Await.until("it is refused", () -> server.output().contains("has no key in line 1"));
            assertThat(post(server.ingest(), third, KEYS.get(1))).isEqualTo(202);

            assertThat(server.stop()).as(server.output()).isZero();
            assertThat(stores.tables().number("SELECT sum(count) FROM aggregated_events"))
                    .isEqualTo(4);
            assertThat(server.output()).contains("ledger {\"balanced\":true");
            assertNothingSecret(server.output(), stores, List.of(first, second, third));
        }
    }

    @Test
    void shouldShowNothingSecretOnTheAdminPort() throws Exception {
        final TestCertificate certificate = TestCertificate.create(folder, "first");
        final Path keys = Files.writeString(folder.resolve("keys"), KEYS.get(0) + "\n");
        try (Stores stores = Stores.start(POSTGRES);
                ServerProcess server = ServerProcess.start(options(stores, certificate.files(), keys))) {
            assertThat(post(server.ingest(), certificate, KEYS.get(0))).isEqualTo(202);
            assertThat(post(server.ingest(), certificate, "wrong-" + KEYS.get(0)))
                    .isEqualTo(401);
            Await.until("it is stored", () -> server.admin("/ledger").number("stored") == 1);
            for (final String page : List.of(
                    "/",
                    "/metrics",
                    "/healthz",
                    "/readyz",
                    "/ledger",
                    "/ledger?verify=full",
                    "/api/status",
                    "/api/aggregates",
                    "/api/aggregates?from=nonsense",
                    "/api/nothing",
                    "/nothing")) {
                assertNothingSecret(server.admin(page).body(), stores, List.of(certificate));
            }
            assertThat(server.admin("/metrics").body())
                    .contains("\nmillrace_tls_certificate_expiry_timestamp_seconds ")
                    .contains("\nmillrace_ingest_tls_handshakes_total 2.0\n");
            assertThat(server.stop()).as(server.output()).isZero();
            assertNothingSecret(server.output(), stores, List.of(certificate));
        }
    }

    @Test
    void shouldRefuseToStartWithAKeyThatIsNotTheCertificates() throws Exception {
        final TestCertificate first = TestCertificate.create(folder, "first");
        final TestCertificate second = TestCertificate.create(folder, "second");
        final TlsFiles mixed =
                new TlsFiles(first.files().certificate(), second.files().key());
        final Path keys = Files.writeString(folder.resolve("keys"), KEYS.get(0));
        try (Stores stores = Stores.start(POSTGRES);
                ServerProcess server = ServerProcess.launch(options(stores, mixed, keys))) {
            assertThat(server.awaitExit()).isEqualTo(2);
            assertThat(server.output())
                    .contains(
                            "millrace: --tls-key=" + second.files().key() + ": is not the key of the first certificate")
                    .doesNotContain("Exception");
            assertNothingSecret(server.output(), stores, List.of(first, second));
        }
    }

    @Test
    void shouldStartWithACertificateThatHasExpiredAndSaySo() throws Exception {
        final TestCertificate old =
                TestCertificate.create(folder, "old", "-keyalg", "EC", "-startdate", "-10d", "-validity", "5");
        final Path keys = Files.writeString(folder.resolve("keys"), KEYS.get(0));
        try (Stores stores = Stores.start(POSTGRES);
                ServerProcess server = ServerProcess.start(options(stores, old.files(), keys))) {
            assertThat(server.output()).contains("--tls-cert: the certificate has expired at ");
        }
    }

    /** A client of TLS 1.2 that asks for handshake after handshake costs the server more than itself. */
    private static void assertNoNewHandshakeOnDemand(final InetSocketAddress address, final TestCertificate trusted)
            throws Exception {
        try (TlsClient client = new TlsClient(address, trusted.trusting())) {
            client.protocol("TLSv1.2").handshake();
            client.send(PIXEL.formatted(KEYS.get(1))).readUntil("GIF89a");
            assertThatThrownBy(() -> {
                        client.handshake();
                        client.readAll();
                    })
                    .isInstanceOf(IOException.class);
        }
    }

    private static void assertNothingSecret(
            final String text, final Stores stores, final List<TestCertificate> certificates) {
        assertThat(text).isNotEmpty().doesNotContain(KEYS).doesNotContain(stores.secrets());
        certificates.forEach(certificate -> assertThat(text).doesNotContain(certificate.secret()));
    }

    private List<String> options(final Stores stores, final TlsFiles files, final Path keys) {
        final List<String> options = new ArrayList<>(stores.options());
        options.addAll(List.of("--data-dir", folder.resolve("data").toString(), "--event-loops", "2"));
        options.addAll(List.of("--tls-cert", files.certificate().toString()));
        options.addAll(List.of("--tls-key", files.key().toString()));
        options.addAll(List.of("--write-keys-file", keys.toString(), "--gpc", "ignore"));
        return options;
    }

    /** As those who renew certificates do it: one file after the other, each at once. */
    private void use(final TestCertificate certificate, final TlsFiles files) throws IOException {
        replace(certificate.files().certificate(), files.certificate());
        replace(certificate.files().key(), files.key());
    }

    private void replace(final Path source, final Path target) throws IOException {
        final Path copy = Files.copy(source, folder.resolve("copy"), StandardCopyOption.REPLACE_EXISTING);
        Files.move(copy, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static boolean serves(final InetSocketAddress address, final TestCertificate certificate) throws Exception {
        try (TlsClient client = TlsClient.connect(address, certificate)) {
            return client.certificate().equals(certificate.certificate());
        } catch (final IOException untrusted) {
            return false;
        }
    }

    private static int post(final InetSocketAddress address, final TestCertificate trusted, final String key)
            throws Exception {
        final HttpClient client =
                HttpClient.newBuilder().sslContext(trusted.trusting()).build();
        return client.send(
                        HttpRequest.newBuilder(URI.create("https://localhost:" + address.getPort() + "/events"))
                                .header("Content-Type", "application/json")
                                .header("X-Write-Key", key)
                                .POST(BodyPublishers.ofString(EVENT))
                                .build(),
                        BodyHandlers.discarding())
                .statusCode();
    }
}
