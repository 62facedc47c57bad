package io.millrace.bench.load;

/** The server sent what is no reply, or one that this generator does not read. */
final class ReplyException extends Exception {
    private static final long serialVersionUID = 1L;

    ReplyException(final String message) {
        super(message);
    }
}
