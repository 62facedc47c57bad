package io.millrace.bench.faults.stage;

/** A tool that a row needs is missing on this machine: the row is not run, and never green. */
public final class NotRunException extends Exception {
    private static final long serialVersionUID = 1L;

    public NotRunException(final String message) {
        super(message);
    }
}
