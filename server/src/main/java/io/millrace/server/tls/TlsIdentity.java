package io.millrace.server.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;

/**
 * A certificate and its key, checked, and ready to serve.
 *
 * <ul>
 *   <li>TLS 1.2 and 1.3 (RFC 8996 ends those before). Suites with forward secrecy and authenticated encryption only, as
 *       RFC 9325, 4.2, recommends; the order is the server's.
 *   <li>ALPN (RFC 7301) speaks {@code http/1.1} and {@code http/1.0}. A client that wants neither is told so by an alert; one
 *       without ALPN is served.
 * </ul>
 *
 * <p>Immutable, thread-safe.
 */
public final class TlsIdentity {
    private static final List<String> SUITES = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");
    private static final ApplicationProtocolConfig ALPN = new ApplicationProtocolConfig(
            Protocol.ALPN,
            SelectorFailureBehavior.FATAL_ALERT,
            SelectedListenerFailureBehavior.ACCEPT,
            "http/1.1",
            "http/1.0");
    private static final byte[] PROBE = "millrace".getBytes(US_ASCII);

    private final SslContext context;
    private final X509Certificate certificate;

    private TlsIdentity(final SslContext context, final X509Certificate certificate) {
        this.context = context;
        this.certificate = certificate;
    }

    /**
     * Reads both files and checks that they belong together. A certificate that has expired can be used: see
     * {@link #complaint}.
     *
     * @throws TlsException if they cannot be used
     */
    public static TlsIdentity load(final TlsFiles files) throws TlsException {
        final PemFile certificateFile = new PemFile("--tls-cert", files.certificate());
        final PemFile keyFile = new PemFile("--tls-key", files.key());
        final List<X509Certificate> chain = certificateFile.certificates();
        final X509Certificate certificate = chain.get(0);
        final PublicKey publicKey = certificate.getPublicKey();
        final PrivateKey key = keyFile.privateKey(publicKey.getAlgorithm());
        if (!belongTogether(publicKey, key)) {
            throw keyFile.refuse(
                    "is not the key of the first certificate in --tls-cert=" + files.certificate()
                            + ": give the key that it was made with, and the server's certificate before those of the"
                            + " authorities",
                    null);
        }
        try {
            return new TlsIdentity(context(key, chain), certificate);
        } catch (final SSLException | IllegalArgumentException e) {
            throw certificateFile.refuse(
                    "cannot be served (" + rootCause(e).getMessage()
                            + "): of its certificates each must be signed by the next",
                    null);
        }
    }

    private static SslContext context(final PrivateKey key, final List<X509Certificate> chain) throws SSLException {
        return SslContextBuilder.forServer(key, chain)
                .sslProvider(SslProvider.JDK)
                .protocols("TLSv1.3", "TLSv1.2")
                .ciphers(SUITES, SupportedCipherSuiteFilter.INSTANCE)
                .applicationProtocolConfig(ALPN)
                .build();
    }

    private static Throwable rootCause(final Throwable thrown) {
        Throwable cause = thrown;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** Whether what one signs the other verifies. */
    private static boolean belongTogether(final PublicKey publicKey, final PrivateKey key) {
        final String algorithm = switch (publicKey.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> publicKey.getAlgorithm();
        };
        try {
            final Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(PROBE);
            final byte[] signed = signature.sign();
            signature.initVerify(publicKey);
            signature.update(PROBE);
            return signature.verify(signed);
        } catch (final GeneralSecurityException e) {
            return false;
        }
    }

    SslContext context() {
        return context;
    }

    /** When the certificate ends to be valid. */
    public Instant notAfter() {
        return certificate.getNotAfter().toInstant();
    }

    /** What clients will have against the certificate at a time; empty if it is valid then. */
    public Optional<String> complaint(final Instant now) {
        if (now.isAfter(notAfter())) {
            return Optional.of("has expired at " + notAfter());
        }
        final Instant notBefore = certificate.getNotBefore().toInstant();
        return now.isBefore(notBefore) ? Optional.of("is not valid before " + notBefore) : Optional.empty();
    }

    /** Whose certificate it is, and until when. */
    @Override
    public String toString() {
        return certificate.getSubjectX500Principal() + ", valid until " + notAfter();
    }
}
