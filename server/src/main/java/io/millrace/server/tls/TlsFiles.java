package io.millrace.server.tls;

import java.nio.file.Path;
import java.util.List;

/**
 * Where a certificate and its key are, both in PEM.
 *
 * @param certificate the server's certificate, and behind it those that lead to a root
 * @param key its private key, PKCS #8, not encrypted
 */
public record TlsFiles(Path certificate, Path key) {
    public List<Path> all() {
        return List.of(certificate, key);
    }
}
