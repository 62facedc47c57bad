/**
 * The journal: a ring over a mapped file, with one producer and one consumer.
 *
 * <p>Stage before: the decoders on an event loop. Stage after: that loop's shipper. Owning threads: the event loop writes
 * ({@link io.millrace.pipeline.journal.JournalWriter}), the shipper reads and frees. Allocation: none after the start.
 */
package io.millrace.pipeline.journal;
