package io.millrace.bench.tool;

/** A wrong option. The message is one line: key, value, bounds, remedy. */
public final class OptionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public OptionException(final String message) {
        super(message);
    }
}
