/**
 * Windows in PostgreSQL: schema, window store, ownership of streams, retention. What is asked of them: {@code query}.
 *
 * <p>Stage before: the aggregator, which hands over a table of groups. Stage after: none, this is where events come to
 * rest. Owning thread: the aggregator for {@link io.millrace.storage.postgres.PostgresWindowStore}. Allocation: per flush,
 * none per event; the COPY stream is encoded into one buffer that stays.
 */
package io.millrace.storage.postgres;
