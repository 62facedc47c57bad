package io.millrace.storage.postgres;

/**
 * The advisory locks of the two-number kind, which end with their transaction. Streams are locked by {@link StreamLocks}
 * with the one-number kind: PostgreSQL keeps the two apart.
 */
final class AdvisoryLocks {
    /** Held while the schema is brought up to date. The first number spells MILL. */
    static final String LOCK_SCHEMA = "SELECT pg_advisory_xact_lock(1296649292, 0)";

    /** Held while partitions are made. */
    static final String LOCK_PARTITIONS = "SELECT pg_advisory_xact_lock(1296649292, 1)";

    private AdvisoryLocks() {}
}
