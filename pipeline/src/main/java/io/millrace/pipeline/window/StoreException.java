package io.millrace.pipeline.window;

/**
 * A call to the window store failed. Whether a commit took effect is then unknown: the caller drops what it holds in
 * memory, takes its streams over again and goes on from the watermarks that it finds.
 */
public sealed class StoreException extends Exception permits RefusedException {
    private static final long serialVersionUID = 1L;

    public StoreException(final String message, final Throwable cause) {
        super(message, cause);
    }

    public StoreException(final String message) {
        super(message);
    }
}
