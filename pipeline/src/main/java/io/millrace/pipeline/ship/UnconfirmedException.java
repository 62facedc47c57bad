package io.millrace.pipeline.ship;

/** The store has the block, but fewer of its replicas have confirmed it than were asked for, so that it may still be lost. */
public final class UnconfirmedException extends StreamException {
    private static final long serialVersionUID = 1L;

    public UnconfirmedException(final String message) {
        super(message);
    }
}
