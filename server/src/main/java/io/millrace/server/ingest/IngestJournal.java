package io.millrace.server.ingest;

import io.millrace.pipeline.journal.JournalWriter;
import java.util.function.IntSupplier;

/**
 * What one event loop writes to.
 *
 * @param writer used by that loop only
 * @param onCommitted run on the loop after each read that committed something: wakes the shipper
 * @param retryAfterSeconds asked on the loop while the journal is full: when there will be room again, at least 1
 */
public record IngestJournal(JournalWriter writer, Runnable onCommitted, IntSupplier retryAfterSeconds) {}
