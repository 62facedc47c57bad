/**
 * Windows in PostgreSQL: schema, window store, queries.
 *
 * <p>Stage before: the aggregator, which hands over a table of groups. Stage after: none, this is where events come to
 * rest. Owning thread: the aggregator for {@link io.millrace.storage.postgres.PostgresWindowStore}, any thread for
 * {@link io.millrace.storage.postgres.EventQueries}. Allocation: per flush and per row that PostgreSQL returns, none per
 * event; the COPY stream is encoded into one buffer that stays.
 */
package io.millrace.storage.postgres;
