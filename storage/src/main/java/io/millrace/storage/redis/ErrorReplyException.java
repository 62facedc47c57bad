package io.millrace.storage.redis;

import java.util.Set;

/** Redis answered, with an error. The connection is in order; what the error means is up to the caller. */
final class ErrorReplyException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Error codes that time does not heal; Redis guarantees the first word, not the text that follows. */
    private static final Set<String> ACCESS_CODES = Set.of("NOAUTH", "WRONGPASS", "NOPERM");

    ErrorReplyException(final String message, final Throwable cause) {
        super(message, cause);
    }

    /** Whether it refuses the user or password. */
    boolean isAccessRefused() {
        return ACCESS_CODES.contains(getMessage().split(" ", 2)[0]);
    }

    /** Whether Redis still reads its files. */
    boolean isLoading() {
        return getMessage().startsWith("LOADING");
    }
}
