package io.millrace.storage.postgres.query;

import java.time.Instant;

/**
 * Which rows of which windows.
 *
 * @param from the first window start wanted
 * @param to the first window start not wanted any more
 * @param action null for any
 * @param element null for any
 * @param after null for the first page
 * @param limit the most rows wanted, at least 1
 */
public record AggregateFilter(
        Instant from, Instant to, String action, String element, AggregateCursor after, int limit) {
    public AggregateFilter {
        if (limit < 1) {
            throw new IllegalArgumentException("limit is " + limit + ", at least 1 is needed");
        }
    }
}
