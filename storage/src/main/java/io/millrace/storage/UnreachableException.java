package io.millrace.storage;

/** A store cannot be reached. It may be there again later; everything else about it is not known yet. */
public final class UnreachableException extends StartupException {
    private static final long serialVersionUID = 1L;

    public UnreachableException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
