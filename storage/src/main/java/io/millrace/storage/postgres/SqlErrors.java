package io.millrace.storage.postgres;

import io.millrace.pipeline.window.StoreException;
import java.sql.SQLException;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** What the driver reports, in one line. Thread-safe. */
public final class SqlErrors {
    private static final String CHECK_VIOLATION = "23514";
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private SqlErrors() {}

    /** Whether lock_timeout ended a statement. */
    static boolean isLockTimeout(final SQLException error) {
        return LOCK_NOT_AVAILABLE.equals(error.getSQLState());
    }

    /** An error of the driver as one of the store: what could not be done, and why. */
    public static StoreException storeException(final String what, final SQLException cause) {
        return new StoreException(what + ": " + describe(cause), cause);
    }

    /**
     * Whether PostgreSQL refuses the data, and would do so again: class 22, data exception, or 23, integrity constraint
     * violation. Of the latter not a row without a partition, which is no fault of the row's.
     */
    static boolean isRefusal(final SQLException error) {
        final String state = String.valueOf(error.getSQLState());
        return state.startsWith("22") || (state.startsWith("23") && !isMissingPartition(error));
    }

    /** ExecFindPartition reports a check violation, and in contrast to a real one names no constraint. */
    private static boolean isMissingPartition(final SQLException error) {
        final ServerErrorMessage message =
                error instanceof PSQLException fromServer ? fromServer.getServerErrorMessage() : null;
        return CHECK_VIOLATION.equals(error.getSQLState()) && message != null && message.getConstraint() == null;
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
