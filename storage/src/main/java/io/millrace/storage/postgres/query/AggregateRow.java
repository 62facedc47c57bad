package io.millrace.storage.postgres.query;

import java.time.Instant;

/**
 * One group of one window.
 *
 * @param users the number of distinct users
 */
public record AggregateRow(Instant windowStart, String action, String element, long count, long users) {
    /** Where a page that ends with this row is continued. */
    public AggregateCursor cursor() {
        return new AggregateCursor(windowStart, action, element);
    }
}
