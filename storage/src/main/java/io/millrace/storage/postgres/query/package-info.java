/**
 * What is asked of the tables: windows, series, the most frequent, users, and the totals that the ledger compares.
 *
 * <p>Stage before: the tables that the flush writes. Stage after: the admin port. Owning thread: any, over a pool of
 * read-only connections, so that no question waits for a flush. Allocation: per row that PostgreSQL returns.
 */
package io.millrace.storage.postgres.query;
