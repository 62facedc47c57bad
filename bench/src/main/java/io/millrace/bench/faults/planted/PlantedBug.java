package io.millrace.bench.faults.planted;

import io.millrace.bench.faults.stage.Launch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Ways in which a server can break its promise. The matrix has to notice each. */
// Error Prone does not see that a Patch is immutable; and text blocks would move the indentation of what is replaced.
@SuppressWarnings({"ImmutableEnumChecker", "StringConcatToTextBlock"})
public enum PlantedBug {
    ANSWERS_BEFORE_COMMIT(
            "answers before the record is committed",
            "F01/journal",
            Patch.in(
                    "pipeline",
                    "pipeline/journal/JournalWriter",
                    "        ring.commit(record);",
                    "        java.util.concurrent.CompletableFuture.delayedExecutor(\n"
                            + "                        300, java.util.concurrent.TimeUnit.MILLISECONDS)\n"
                            + "                .execute(() -> ring.commit(record));")),
    ANSWERS_BEFORE_STORED(
            "answers at the level stored when only Redis has it",
            "F01/stored",
            Patch.in(
                    "pipeline",
                    "pipeline/Progress",
                    "            case STORED -> stored;",
                    "            case STORED -> streamed;")),
    FRESH_ID_ON_RETRY(
            "appends again under a fresh ID what may have arrived, and counts by entries",
            "F08/reply",
            Patch.in(
                    "pipeline",
                    "pipeline/ship/Shipper",
                    "            streamed = Math.max(streamed, last.sequence());",
                    "            reader.generation(generation + 1);\n"
                            + "            streamed = Math.max(streamed, progress.streamed());"),
            Patch.in(
                    "pipeline",
                    "pipeline/window/StreamFold",
                    "        for (long i = 0; i < skipped; i++) {",
                    "        for (long i = 0; i < 0; i++) {"),
            Patch.in(
                    "pipeline",
                    "pipeline/window/StreamFold",
                    "        if (block.lastSequence() <= lastEvent) {",
                    "        if (false) {")),
    REDELIVERED_COUNTS_AGAIN(
            "counts again what comes again",
            "F07/flushall",
            Patch.in(
                    "pipeline",
                    "pipeline/window/StreamFold",
                    "        for (long i = 0; i < skipped; i++) {",
                    "        for (long i = 0; i < 0; i++) {"),
            Patch.in(
                    "pipeline",
                    "pipeline/window/StreamFold",
                    "        if (block.lastSequence() <= lastEvent) {",
                    "        if (false) {")),
    WATERMARK_OUTSIDE_TRANSACTION(
            "commits the counts before the watermark",
            "F10",
            Patch.in(
                    "storage",
                    "storage/postgres/FlushTransaction",
                    "        WatermarkTable.bindAdvance(upsertTotalsAndAdvance, before, after);",
                    "        upsertTotals.execute();\n        advance.getConnection().commit();\n"
                            + "        advance.getConnection().setAutoCommit(false);\n"
                            + "        return advance(before, after);\n    }\n\n"
                            + "    int unused(final Map<String, Watermark> before, final Map<String, Watermark> after)\n"
                            + "            throws SQLException {\n"
                            + "        WatermarkTable.bindAdvance(upsertTotalsAndAdvance, before, after);")),
    RESYNC_SKIPPED(
            "takes a block whose append failed for appended",
            "F08/within",
            Patch.in(
                    "pipeline",
                    "pipeline/ship/Shipper",
                    "        counters.increment(PipelineCounter.SHIP_FAILURES);",
                    "        counters.increment(PipelineCounter.SHIP_FAILURES);\n        reader.advance();\n"
                            + "        journalBelieved = true;"),
            Patch.in(
                    "pipeline",
                    "pipeline/ship/Shipper",
                    "    private boolean durable;",
                    "    private boolean durable;\n    private boolean journalBelieved;"),
            Patch.in(
                    "pipeline",
                    "pipeline/ship/Shipper",
                    "        reader.seek(streamed);",
                    "        if (!journalBelieved) reader.seek(streamed);\n        journalBelieved = false;")),
    FENCING_OFF(
            "commits whatever the watermark says, and without owning the stream",
            "F26",
            Patch.in(
                    "storage",
                    "storage/postgres/WatermarkTable",
                    "            WHERE w.stream = n.stream AND w.entry_generation = n.old_generation\n"
                            + "              AND w.entry_sequence = n.old_sequence AND w.last_event = n.old_event\"\"\"",
                    "            WHERE w.stream = n.stream\"\"\""),
            // The statement is a constant.
            Patch.none("storage", "storage/postgres/FlushTransaction"),
            Patch.in(
                    "storage",
                    "storage/postgres/StreamLocks",
                    "SELECT pg_try_advisory_lock(k.key) FROM",
                    "SELECT k.key IS NOT NULL FROM"),
            Patch.in(
                    "storage",
                    "storage/postgres/StreamLocks",
                    "                if (!row.getBoolean(1)) {",
                    "                if (false) {")),
    FREES_TOO_EARLY(
            "frees records when Redis has them, whatever becomes of Redis",
            "F07/flushall",
            Patch.in(
                    "pipeline",
                    "pipeline/ship/KeptRecords",
                    "            return reader.free(safeSequence());",
                    "            return reader.free(progress.streamed());")),
    WATERMARK_AHEAD(
            "sets the watermark beyond what it has folded",
            "F01/journal",
            Patch.in(
                    "pipeline",
                    "pipeline/window/StreamFold",
                    "        return new Watermark(entry, lastEvent, counted,",
                    "        return new Watermark(entry, Math.max(lastEvent, local == null ? 0 : local.streamed()), counted,")),
    RECOVERY_STOPS_SHORT(
            "recovers all records but the last",
            "F01/journal",
            Patch.in(
                    "pipeline",
                    "pipeline/journal/JournalRecovery",
                    "            position += BitUtil.align(length, RecordDescriptor.ALIGNMENT);",
                    "            final long next = position + BitUtil.align(length, RecordDescriptor.ALIGNMENT);\n"
                            + "            if (next >= tail) {\n"
                            + "                lastSequence = RecordLayout.firstSequence(buffer, encodedMsgOffset(index)) - 1;\n"
                            + "                break;\n            }\n            position = next;"));

    private final String what;
    private final String row;
    private final List<Patch> patches;

    PlantedBug(final String what, final String row, final Patch... patches) {
        this.what = what;
        this.row = row;
        this.patches = List.of(patches);
    }

    /** What the server does wrong. */
    public String what() {
        return what;
    }

    /** The row that has to notice it. */
    public String row() {
        return row;
    }

    /** A server with the bug. */
    public Launch launch(final Launch launch, final Path folder) throws IOException {
        return Patches.compile(launch, folder, patches);
    }
}
