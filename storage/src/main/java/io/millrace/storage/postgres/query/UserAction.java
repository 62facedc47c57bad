package io.millrace.storage.postgres.query;

import java.time.Instant;

/** What a user did in one window. */
public record UserAction(Instant windowStart, String action, String element, long count) {
    /** Where a page that ends with this row is continued. */
    public AggregateCursor cursor() {
        return new AggregateCursor(windowStart, action, element);
    }
}
