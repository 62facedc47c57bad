package io.millrace.server.tls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of PEM blocks (RFC 7468), as an option named it. What is between the blocks is left aside.
 *
 * @param option the option, for errors
 * @param path the file
 */
record PemFile(String option, Path path) {
    private static final long MAX_BYTES = 1 << 20;
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----\\s([A-Za-z0-9+/=\\s]*)-----END \\1-----");

    /** All certificates in the file, in their order. */
    List<X509Certificate> certificates() throws TlsException {
        final List<X509Certificate> certificates = new ArrayList<>();
        final Matcher block = BLOCK.matcher(read());
        try {
            final CertificateFactory factory = CertificateFactory.getInstance("X.509");
            while (block.find()) {
                if ("CERTIFICATE".equals(block.group(1))) {
                    certificates.add((X509Certificate)
                            factory.generateCertificate(new ByteArrayInputStream(decode(block.group(2)))));
                }
            }
        } catch (final CertificateException e) {
            throw refuse("holds a certificate that cannot be read (" + e.getMessage() + "): give one in PEM", e);
        }
        if (certificates.isEmpty()) {
            throw refuse("holds no certificate: give the file with '-----BEGIN CERTIFICATE-----'", null);
        }
        return certificates;
    }

    /**
     * The private key in the file.
     *
     * @param algorithm that of the certificate's public key
     */
    PrivateKey privateKey(final String algorithm) throws TlsException {
        final Matcher block = BLOCK.matcher(read());
        while (block.find()) {
            switch (block.group(1)) {
                case "PRIVATE KEY" -> {
                    return privateKey(algorithm, decode(block.group(2)));
                }
                case "ENCRYPTED PRIVATE KEY" ->
                    throw refuse(
                            "is encrypted, and nobody is there to ask: 'openssl pkey -in FILE -out PLAIN' decrypts it",
                            null);
                case "RSA PRIVATE KEY", "EC PRIVATE KEY" ->
                    throw refuse(
                            "is in an old format: 'openssl pkcs8 -topk8 -nocrypt -in FILE -out NEW' converts it", null);
                default -> {
                    // A certificate or parameters beside the key.
                }
            }
        }
        throw refuse("holds no private key: give the file with '-----BEGIN PRIVATE KEY-----'", null);
    }

    private PrivateKey privateKey(final String algorithm, final byte[] encoded) throws TlsException {
        try {
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (final GeneralSecurityException e) {
            // Not with the cause: who knows what of the key is in it.
            throw refuse(
                    "is no " + algorithm + " key, as the certificate wants: give the key that belongs to it", null);
        }
    }

    private byte[] decode(final String base64) throws TlsException {
        try {
            return Base64.getMimeDecoder().decode(base64);
        } catch (final IllegalArgumentException e) {
            throw refuse("is damaged: its text is no base64", null);
        }
    }

    private String read() throws TlsException {
        try {
            final long bytes = Files.size(path);
            if (bytes > MAX_BYTES) {
                throw refuse("has " + bytes + " bytes, which is no PEM file of this kind", null);
            }
            return Files.readString(path, ISO_8859_1);
        } catch (final NoSuchFileException e) {
            throw refuse("does not exist", e);
        } catch (final IOException e) {
            throw refuse(
                    "cannot be read ("
                            + e.getClass()
                                    .getSimpleName()
                                    .replace("Exception", "")
                                    .toLowerCase(Locale.ROOT)
                            + "): let the user that runs the server read it",
                    e);
        }
    }

    TlsException refuse(final String why, final Throwable cause) {
        return new TlsException(option + "=" + path + ": " + why, cause);
    }
}
