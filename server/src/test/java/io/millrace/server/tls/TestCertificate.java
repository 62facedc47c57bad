package io.millrace.server.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate for localhost that signed itself, made by the JDK's keytool, with its key.
 *
 * @param files both as PEM
 * @param certificate the certificate
 * @param key its key
 */
public record TestCertificate(TlsFiles files, Certificate certificate, PrivateKey key) {
    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final String ALIAS = "test";

    /** An elliptic curve's, valid for some days. */
    public static TestCertificate create(final Path folder, final String name) throws Exception {
        return create(folder, name, "-keyalg", "EC", "-groupname", "secp256r1", "-validity", "10");
    }

    /** One that another signed, which stands behind it in its file. */
    public static TestCertificate signed(final Path folder, final String name) throws Exception {
        keytool(folder.resolve(name + ".p12"), "authority", "CN=authority", "-keyalg", "EC", "-ext", "bc:c");
        return create(folder, name, "-keyalg", "EC", "-signer", "authority");
    }

    /** Another one. */
    public static TestCertificate create(final Path folder, final String name, final String... options)
            throws Exception {
        final Path store = folder.resolve(name + ".p12");
        keytool(store, ALIAS, "CN=" + name, options);
        final KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        final Certificate certificate = keys.getCertificate(ALIAS);
        final PrivateKey key = (PrivateKey) keys.getKey(ALIAS, PASSWORD);
        final TlsFiles files = new TlsFiles(folder.resolve(name + ".crt"), folder.resolve(name + ".key"));
        final StringBuilder chain = new StringBuilder();
        for (final Certificate one : keys.getCertificateChain(ALIAS)) {
            chain.append(pem("CERTIFICATE", one.getEncoded()));
        }
        Files.writeString(files.certificate(), chain);
        Files.writeString(files.key(), pem("PRIVATE KEY", key.getEncoded()));
        return new TestCertificate(files, certificate, key);
    }

    private static void keytool(final Path store, final String alias, final String name, final String... options)
            throws Exception {
        final List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair"));
        command.addAll(List.of("-alias", alias, "-dname", name, "-ext", "san=dns:localhost,ip:127.0.0.1"));
        command.addAll(List.of("-keystore", store.toString(), "-storetype", "PKCS12"));
        command.addAll(List.of("-storepass", new String(PASSWORD)));
        command.addAll(List.of(options));
        final Process keytool =
                new ProcessBuilder(command).redirectErrorStream(true).start();
        final String output = new String(keytool.getInputStream().readAllBytes(), US_ASCII);
        if (keytool.waitFor() != 0) {
            throw new IOException("keytool: " + output);
        }
    }

    /** A PEM block. */
    public static String pem(final String label, final byte[] content) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content)
                + "\n-----END " + label + "-----\n";
    }

    /** The text of the key that must be seen nowhere: a line from the middle of it. */
    public String secret() {
        final String[] lines = pem("PRIVATE KEY", key.getEncoded()).split("\n", -1);
        return lines[lines.length / 2];
    }

    /** A client's context that trusts this certificate only. */
    public SSLContext trusting() throws GeneralSecurityException, IOException {
        final KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry(ALIAS, certificate);
        final TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        final SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
