package io.millrace.server.reload;

/** Why files cannot be used. The message is for the log, and holds nothing secret. */
public final class ReloadException extends Exception {
    private static final long serialVersionUID = 1;

    public ReloadException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
