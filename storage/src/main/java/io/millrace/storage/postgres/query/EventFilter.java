package io.millrace.storage.postgres.query;

import java.time.Instant;

/**
 * Which events: those of the windows that begin from {@code from} on and before {@code to}.
 *
 * @param action null for any
 * @param element null for any
 */
public record EventFilter(Instant from, Instant to, String action, String element) {
    public EventFilter {
        if (from.isAfter(to)) {
            throw new IllegalArgumentException("from is " + from + ", after to, " + to);
        }
    }

    /** Appends the conditions on an alias of a table that has a time column, the action and the element. */
    BoundSql appendTo(final BoundSql sql, final String alias, final String timeColumn) {
        return sql.append(
                        " WHERE " + alias + '.' + timeColumn + " >= ? AND " + alias + '.' + timeColumn + " < ?",
                        from,
                        to)
                .andEquals(alias + ".action", action)
                .andEquals(alias + ".element", element);
    }

    /** The same events, of another time. */
    EventFilter at(final Instant otherFrom, final Instant otherTo) {
        return new EventFilter(otherFrom, otherTo, action, element);
    }
}
