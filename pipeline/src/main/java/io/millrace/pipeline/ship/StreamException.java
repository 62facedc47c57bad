package io.millrace.pipeline.ship;

/**
 * The stream store could not be reached, or did not do what it was asked; the outcome of the call is unknown. The caller
 * asks again what the stream holds and goes on from there, it never guesses from the message.
 */
public class StreamException extends Exception {
    private static final long serialVersionUID = 1L;

    public StreamException(final String message, final Throwable cause) {
        super(message, cause);
    }

    public StreamException(final String message) {
        super(message);
    }
}
