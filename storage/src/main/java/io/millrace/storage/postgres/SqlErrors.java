package io.millrace.storage.postgres;

import io.millrace.pipeline.window.StoreException;
import java.sql.SQLException;

/** What the driver reports, in one line. */
final class SqlErrors {
    private SqlErrors() {}

    static StoreException storeException(final String what, final SQLException cause) {
        return new StoreException(what + ": " + describe(cause), cause);
    }

    static String describe(final SQLException error) {
        final String line =
                String.valueOf(error.getMessage()).lines().findFirst().orElse("no message");
        if (error.getSQLState() == null && error.getCause() instanceof SQLException cause) {
            return line + ": " + describe(cause);
        }
        return line + " (SQLSTATE " + error.getSQLState() + ')';
    }
}
