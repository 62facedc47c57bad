package io.millrace.storage.postgres.query;

import java.time.Instant;

/** The key of the last row of a page. */
public record AggregateCursor(Instant windowStart, String action, String element) {}
