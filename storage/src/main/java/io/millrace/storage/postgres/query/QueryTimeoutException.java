package io.millrace.storage.postgres.query;

/** A query ran longer than {@link EventQueries#STATEMENT_TIMEOUT}; PostgreSQL itself is well. */
public final class QueryTimeoutException extends Exception {
    private static final long serialVersionUID = 1L;

    QueryTimeoutException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
