package io.millrace.storage.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.pipeline.ship.EntryId;
import io.millrace.pipeline.ship.EventStream;
import io.millrace.storage.embedded.process.HeldPort;
import io.millrace.storage.testing.RedisProcess;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(600)
final class RedisTlsIT {
    private static final String STORE_PASSWORD = "changeit";
    private static final String ALIAS = "redis";

    @TempDir
    private Path folder;

    @Test
    void shouldSpeakTlsAndRefuseACertificateThatNobodyKnows() throws Exception {
        writeKeyAndCertificate();
        try (HeldPort port = HeldPort.take();
                RedisProcess redis = RedisProcess.start(
                        folder,
                        "tls-port " + port.number(),
                        "tls-cert-file " + folder.resolve("cert.pem"),
                        "tls-key-file " + folder.resolve("key.pem"),
                        "tls-ca-cert-file " + folder.resolve("cert.pem"),
                        "tls-auth-clients no")) {
            final String uri = "rediss://default:test%2Fpassword@127.0.0.1:" + port.number();
            try (RedisStreams streams = RedisStreams.open(RedisOptions.of(uri + "?verifyPeer=NONE"));
                    EventStream stream = streams.eventStream("millrace:events:{n-0}")) {
                assertThatCode(() -> streams.check(Duration.ofSeconds(5))).doesNotThrowAnyException();
                stream.resync();
                assertThat(stream.append(new EntryId(1, 1), new UnsafeBuffer(new byte[1 << 20]), 0, 1 << 20))
                        .isTrue();
            }
            assertThat(redis.commands().xlen("millrace:events:{n-0}")).isEqualTo(1);
            try (RedisStreams streams = RedisStreams.open(RedisOptions.of(uri))) {
                assertThatThrownBy(() -> streams.check(Duration.ofMillis(300)))
                        .hasMessageContaining("certificat")
                        .hasMessageNotContaining("password");
            }
        }
    }

    /** The JDK makes them, in a store; Redis wants them as text. */
    private void writeKeyAndCertificate() throws Exception {
        final Path store = folder.resolve("store.p12");
        run(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                ALIAS,
                "-keyalg",
                "RSA",
                "-dname",
                "CN=127.0.0.1",
                "-ext",
                "san=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                STORE_PASSWORD));
        final KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, STORE_PASSWORD.toCharArray());
        }
        writePem(
                "key.pem",
                "PRIVATE KEY",
                keys.getKey(ALIAS, STORE_PASSWORD.toCharArray()).getEncoded());
        writePem("cert.pem", "CERTIFICATE", keys.getCertificate(ALIAS).getEncoded());
    }

    private void writePem(final String file, final String type, final byte[] content) throws IOException {
        final String body = Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(content);
        Files.writeString(
                folder.resolve(file), "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n");
    }

    private static void run(final List<String> command) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }
}
