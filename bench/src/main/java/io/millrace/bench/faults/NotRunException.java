package io.millrace.bench.faults;

/** A tool that a row needs is missing on this machine: the row is not run, and never green. */
final class NotRunException extends Exception {
    private static final long serialVersionUID = 1L;

    NotRunException(final String message) {
        super(message);
    }
}
