package io.millrace.server.http;

/** What Content-Type says of a body, as far as this port tells types apart. Parameters do not matter. */
public enum ContentKind {
    /** There is no Content-Type. */
    NONE,
    /** {@code application/json}. */
    JSON,
    /** {@code application/x-ndjson}. */
    LINES,
    /** {@code text/plain}. */
    TEXT,
    /** Any other type, or several. */
    OTHER
}
