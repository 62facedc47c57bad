package io.millrace.server.config;

/** A wrong option. The message is one line: key, value, bounds, remedy; it never holds a password. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ConfigException(final String message) {
        super(message);
    }
}
