package io.millrace.storage;

/**
 * A store cannot be used as it is. The message is one line for the user: what is wrong, with which value, and the remedy.
 */
public class StartupException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StartupException(final String message) {
        super(message);
    }

    public StartupException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
