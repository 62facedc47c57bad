package io.millrace.server.tls;

/** Why a certificate or key cannot be used. The message names the option, the file and the remedy, and nothing of the key. */
public final class TlsException extends Exception {
    private static final long serialVersionUID = 1;

    TlsException(final String message) {
        super(message);
    }

    TlsException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
