package io.millrace.server.config;

/**
 * What one request, and all of them together, may take.
 *
 * @param maxRequestLineBytes longest request line
 * @param maxFieldsBytes longest field section
 * @param maxFieldCount most fields
 * @param maxBodyBytes largest body
 * @param headerTimeoutMillis for the request line and the fields
 * @param bodyTimeoutMillis for the body
 * @param idleTimeoutMillis between requests
 * @param maxConnections open at the same time
 */
public record LimitsConfig(
        int maxRequestLineBytes,
        int maxFieldsBytes,
        int maxFieldCount,
        int maxBodyBytes,
        long headerTimeoutMillis,
        long bodyTimeoutMillis,
        long idleTimeoutMillis,
        int maxConnections) {}
