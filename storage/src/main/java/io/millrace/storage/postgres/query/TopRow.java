package io.millrace.storage.postgres.query;

/**
 * An action or an element, and how often it was met.
 *
 * @param count in the range asked for
 * @param previous in the range of the same length before it
 */
public record TopRow(String name, long count, long previous) {}
