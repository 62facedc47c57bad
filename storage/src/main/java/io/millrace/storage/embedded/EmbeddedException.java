package io.millrace.storage.embedded;

/**
 * An embedded server could not be started. The message is one line for the user: what is wrong, where, and what to do.
 */
public final class EmbeddedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    EmbeddedException(final String message) {
        super(message);
    }

    EmbeddedException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
