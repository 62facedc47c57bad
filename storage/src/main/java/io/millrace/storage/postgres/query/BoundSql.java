package io.millrace.storage.postgres.query;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * A statement that is put together piece by piece, each with the values of its parameters: no value ever becomes a part of
 * the text. Not thread-safe.
 */
final class BoundSql {
    private static final int INITIAL_CHARS = 512;

    private final StringBuilder text = new StringBuilder(INITIAL_CHARS);
    private final List<Object> values = new ArrayList<>();

    /** Appends a piece with as many question marks as there are values. */
    BoundSql append(final String piece, final Object... bound) {
        text.append(piece);
        for (final Object value : bound) {
            values.add(value instanceof Instant instant ? instant.atOffset(ZoneOffset.UTC) : value);
        }
        return this;
    }

    /** Appends {@code AND column = ?}, if there is a value to compare with. */
    BoundSql andEquals(final String column, final String value) {
        return value == null ? this : append(" AND " + column + " = ?", value);
    }

    PreparedStatement prepare(final Connection connection) throws SQLException {
        final PreparedStatement statement = connection.prepareStatement(text.toString());
        try {
            for (int i = 0; i < values.size(); i++) {
                statement.setObject(i + 1, values.get(i));
            }
            return statement;
        } catch (final SQLException e) {
            statement.close();
            throw e;
        }
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
