package io.millrace.server.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read from PEM files, and what is said of those that cannot be used. */
class TlsIdentityTest {
    @TempDir
    private Path folder;

    private TestCertificate server;

    @BeforeEach
    void makeCertificate() throws Exception {
        server = TestCertificate.create(folder, "server");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-keyalg RSA -keysize 2048", "-keyalg EC -groupname secp384r1", "-keyalg Ed25519"})
    void shouldTakeEveryKindOfKey(final String kind) throws Exception {
        final TestCertificate other = TestCertificate.create(folder, "other", (kind + " -validity 10").split(" ", -1));
        final TlsIdentity identity = TlsIdentity.load(other.files());
        assertThat(identity.complaint(Instant.now())).isEmpty();
        assertThat(identity).asString().startsWith("CN=other, valid until ");
    }

    @Test
    void shouldTakeAChainAndWhatStandsBetween() throws Exception {
        final TestCertificate signed = TestCertificate.signed(folder, "signed");
        final String chain = read(signed.files().certificate());
        assertThat(chain.split("BEGIN CERTIFICATE", -1)).hasSize(3);
        Files.writeString(signed.files().certificate(), "subject=server\r\n" + chain.replace("\n", "\r\n"));
        Files.writeString(signed.files().key(), chain + read(signed.files().key()));
        assertThat(TlsIdentity.load(signed.files())).asString().startsWith("CN=signed,");
    }

    @Test
    void shouldRefuseCertificatesOfWhichOneDoesNotSignTheOther() throws Exception {
        final TestCertificate other = TestCertificate.create(folder, "other");
        Files.writeString(
                server.files().certificate(),
                read(server.files().certificate()) + read(other.files().certificate()));
        assertThat(refusal(server.files())).contains("cannot be served").contains("each must be signed by the next");
    }

    @Test
    void shouldRefuseAKeyThatIsNotTheCertificates() throws Exception {
        final TestCertificate other = TestCertificate.create(folder, "other");
        assertThat(refusal(
                        new TlsFiles(server.files().certificate(), other.files().key())))
                .startsWith(
                        "--tls-key=" + other.files().key() + ": is not the key of the first certificate in --tls-cert="
                                + server.files().certificate());
        final TestCertificate rsa =
                TestCertificate.create(folder, "rsa", "-keyalg", "RSA", "-keysize", "2048", "-validity", "10");
        assertThat(refusal(
                        new TlsFiles(server.files().certificate(), rsa.files().key())))
                .contains("is no EC key, as the certificate wants");
        assertThat(refusal(
                        new TlsFiles(rsa.files().certificate(), server.files().key())))
                .contains("is no RSA key");
        // The authority's first: the key belongs to the second.
        Files.writeString(
                server.files().certificate(),
                read(other.files().certificate()) + read(server.files().certificate()));
        assertThat(refusal(server.files())).contains("the server's certificate before those of the authorities");
    }

    @Test
    void shouldSayWhatItNeedsInPlaceOfOtherFormats() throws Exception {
        final byte[] key = server.key().getEncoded();
        Files.writeString(server.files().key(), TestCertificate.pem("EC PRIVATE KEY", key));
        assertThat(refusal(server.files())).contains("openssl pkcs8 -topk8 -nocrypt");
        Files.writeString(server.files().key(), TestCertificate.pem("ENCRYPTED PRIVATE KEY", key));
        assertThat(refusal(server.files())).contains("openssl pkey -in FILE -out PLAIN");
        Files.writeString(server.files().key(), TestCertificate.pem("CERTIFICATE", key));
        assertThat(refusal(server.files())).contains("holds no private key");
        Files.writeString(server.files().key(), TestCertificate.pem("PRIVATE KEY", new byte[] {1, 2, 3}));
        assertThat(refusal(server.files())).contains("is no EC key");
        Files.writeString(server.files().key(), "-----BEGIN PRIVATE KEY-----\nQ\n-----END PRIVATE KEY-----\n");
        assertThat(refusal(server.files())).contains("is damaged");
        Files.write(server.files().key(), key);
        assertThat(refusal(server.files())).contains("holds no private key");
        Files.write(server.files().key(), new byte[(1 << 20) + 1]);
        assertThat(refusal(server.files())).contains("no PEM file of this kind");
    }

    @Test
    void shouldSayWhichCertificateCannotBeRead() throws Exception {
        final Path certificate = server.files().certificate();
        Files.writeString(certificate, TestCertificate.pem("CERTIFICATE", new byte[] {1, 2, 3}));
        assertThat(refusal(server.files()))
                .startsWith("--tls-cert=" + certificate + ": holds a certificate that cannot");
        Files.writeString(certificate, "");
        assertThat(refusal(server.files())).contains("holds no certificate");
        Files.delete(certificate);
        assertThat(refusal(server.files())).contains("does not exist");
        Files.createDirectory(certificate);
        assertThat(refusal(server.files())).contains("cannot be read (io)");
    }

    @Test
    void shouldTakeOneThatClientsWillRefuseAndSayWhy() throws Exception {
        final TestCertificate old =
                TestCertificate.create(folder, "old", "-keyalg", "EC", "-startdate", "-10d", "-validity", "5");
        final TlsIdentity identity = TlsIdentity.load(old.files());
        assertThat(identity.complaint(Instant.now()).orElseThrow()).startsWith("has expired at " + identity.notAfter());
        assertThat(identity.complaint(identity.notAfter())).isEmpty();
        assertThat(identity.complaint(identity.notAfter().minusSeconds(6 * 86_400))
                        .orElseThrow())
                .startsWith("is not valid before ");
    }

    private String refusal(final TlsFiles files) {
        final TlsException refused = catchThrowableOfType(TlsException.class, () -> TlsIdentity.load(files));
        assertThat(refused).isNotNull();
        final String key = Base64.getEncoder().encodeToString(server.key().getEncoded());
        for (Throwable cause = refused; cause != null; cause = cause.getCause()) {
            assertThat(String.valueOf(cause.getMessage())).doesNotContain(key.substring(20, 60));
        }
        return refused.getMessage();
    }

    private static String read(final Path file) throws Exception {
        return Files.readString(file);
    }
}
