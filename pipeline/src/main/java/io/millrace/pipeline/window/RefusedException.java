package io.millrace.pipeline.window;

/**
 * The window store is well, and refused data of a flush: tried again as it is, the flush would be refused again. Nothing
 * was committed, and nothing is owned any more.
 */
public final class RefusedException extends StoreException {
    private static final long serialVersionUID = 1L;

    public RefusedException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
