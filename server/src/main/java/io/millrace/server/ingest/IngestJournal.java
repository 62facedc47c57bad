package io.millrace.server.ingest;

import io.millrace.pipeline.AckLevel;
import io.millrace.pipeline.Progress;
import io.millrace.pipeline.journal.JournalWriter;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/**
 * What one event loop writes to.
 *
 * @param writer used by that loop only
 * @param progress how far what it writes has got
 * @param onCommitted run on the loop after each read that committed something: wakes the shipper
 * @param onAwaited run on the loop, at most once an iteration for each level, when answers began to wait for it
 * @param retryAfterSeconds asked on the loop while the journal is full: when there will be room again, at least 1
 */
public record IngestJournal(
        JournalWriter writer,
        Progress progress,
        Runnable onCommitted,
        Consumer<AckLevel> onAwaited,
        IntSupplier retryAfterSeconds) {}
