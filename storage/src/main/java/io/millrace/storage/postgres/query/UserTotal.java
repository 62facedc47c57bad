package io.millrace.storage.postgres.query;

/**
 * A user, and how many events came from it.
 *
 * @param user the id
 */
public record UserTotal(String user, long count) {}
