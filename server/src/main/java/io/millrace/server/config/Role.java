package io.millrace.server.config;

/** Which stages a process runs. */
public enum Role {
    /** Everything, in one process. */
    ALL,
    /** From the socket to Redis. */
    INGEST,
    /** From Redis to PostgreSQL. */
    AGGREGATE
}
