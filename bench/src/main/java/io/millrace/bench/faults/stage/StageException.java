package io.millrace.bench.faults.stage;

/** A part of the stage did not do what it must: the row is red, and the message says why. */
public final class StageException extends Exception {
    private static final long serialVersionUID = 1L;

    public StageException(final String message) {
        super(message);
    }
}
