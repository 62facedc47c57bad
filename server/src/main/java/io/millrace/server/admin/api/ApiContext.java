package io.millrace.server.admin.api;

import io.millrace.storage.postgres.query.EventQueries;
import java.time.Clock;
import java.time.Duration;

/**
 * What all of {@code /api} needs.
 *
 * @param queries null where the node has no PostgreSQL
 * @param window the size of a window
 * @param clock tells the end of a range that is given without one
 */
public record ApiContext(EventQueries queries, Duration window, Clock clock) {}
