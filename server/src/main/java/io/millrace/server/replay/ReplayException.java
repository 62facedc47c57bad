package io.millrace.server.replay;

/** Why a replay stops before its end. The message says from where it can go on. */
final class ReplayException extends Exception {
    private static final long serialVersionUID = 1;

    ReplayException(final String message) {
        super(message);
    }

    ReplayException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
