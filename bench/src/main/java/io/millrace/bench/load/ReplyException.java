package io.millrace.bench.load;

/** The server sent what is no reply, or one that this generator does not read. */
public final class ReplyException extends Exception {
    private static final long serialVersionUID = 1L;

    public ReplyException(final String message) {
        super(message);
    }
}
