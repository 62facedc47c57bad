package io.millrace.bench.faults.planted;

import io.millrace.bench.faults.stage.Launch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The points of an event's way between which its state changes; a server can be made to die at each. */
// Error Prone does not see that a Patch is immutable.
@SuppressWarnings("ImmutableEnumChecker")
public enum DeathPoint {
    CLAIMED(
            "a claim is open",
            300,
            Patch.in(
                    "pipeline",
                    "pipeline/journal/JournalWriter",
                    "        claim = index;",
                    "        claim = index;" + Constants.TRAP)),
    WRITTEN(
            "a record is written, not committed",
            300,
            Patch.in(
                    "pipeline",
                    "pipeline/journal/JournalWriter",
                    "        ring.commit(record);",
                    Constants.TRAP + "        ring.commit(record);")),
    COMMITTED(
            "a record is committed, not noted",
            300,
            Patch.in(
                    "pipeline",
                    "pipeline/journal/JournalWriter",
                    "        ring.commit(record);",
                    "        ring.commit(record);" + Constants.TRAP)),
    COMMITTED_HALF_NOTED(
            "the last sequence is noted, its complement not",
            300,
            Patch.in(
                    "pipeline",
                    "pipeline/journal/JournalHeader",
                    "        buffer.putLongRelease(LAST_COMPLEMENT_OFFSET, ~sequence);",
                    Constants.TRAP + "        buffer.putLongRelease(LAST_COMPLEMENT_OFFSET, ~sequence);")),
    PACKED(
            "a block is packed, not appended",
            30,
            Patch.in(
                    "pipeline",
                    "pipeline/ship/Shipper",
                    "        if (!stream.append(",
                    Constants.TRAP + "        if (!stream.append(")),
    APPENDED(
            "a block is appended, not noted",
            30,
            Patch.in(
                    "pipeline",
                    "pipeline/ship/Shipper",
                    "        reader.advance();\n        progress.streamed(lastSequence);",
                    Constants.TRAP + "        reader.advance();\n        progress.streamed(lastSequence);")),
    FREEING(
            "freed records are noted, the head not moved",
            3,
            Patch.in(
                    "pipeline",
                    "pipeline/journal/JournalReader",
                    "            buffer.putLongRelease(headPositionIndex, newHead);",
                    Constants.TRAP + "            buffer.putLongRelease(headPositionIndex, newHead);")),
    FREED_HALF_NOTED(
            "the freed sequence is noted, its complement not",
            3,
            Patch.in(
                    "pipeline",
                    "pipeline/journal/JournalHeader",
                    "        buffer.putLongRelease(FREED_COMPLEMENT_OFFSET, ~sequence);",
                    Constants.TRAP + "        buffer.putLongRelease(FREED_COMPLEMENT_OFFSET, ~sequence);")),
    COPIED(
            "the counts are copied, the watermark not moved",
            3,
            Patch.in(
                    "storage",
                    "storage/postgres/FlushTransaction",
                    "        WatermarkTable.bindAdvance(upsertTotalsAndAdvance, before, after);",
                    Constants.TRAP + "        WatermarkTable.bindAdvance(upsertTotalsAndAdvance, before, after);")),
    BEFORE_COMMIT(
            "all is written, not committed",
            3,
            Patch.in(
                    "storage",
                    "storage/postgres/OwnerSession",
                    "        connection.commit();",
                    Constants.TRAP + "        connection.commit();")),
    AFTER_COMMIT(
            "committed, not noted",
            3,
            Patch.in(
                    "storage",
                    "storage/postgres/OwnerSession",
                    "        connection.commit();",
                    "        connection.commit();" + Constants.TRAP)),
    BOOKMARKING(
            "committed, the bookmark not set",
            3,
            Patch.in(
                    "storage",
                    "storage/redis/RedisEventFeed",
                    "            session.sendAll(List.of(set, trim));",
                    Constants.TRAP + "            session.sendAll(List.of(set, trim));")),
    TRIMMING(
            "the bookmark set, the stream not trimmed",
            3,
            Patch.in(
                    "storage",
                    "storage/redis/RedisEventFeed",
                    "            session.sendAll(List.of(set, trim));",
                    "            session.sendAll(List.of(set));\n            session.await(set);" + Constants.TRAP
                            + "            session.sendAll(List.of(trim));"));

    private final String what;
    private final int often;
    private final Patch patch;

    DeathPoint(final String what, final int often, final Patch patch) {
        this.what = what;
        this.often = often;
        this.patch = patch;
    }

    /** What has happened and what has not. */
    public String what() {
        return what;
    }

    /** About how often a server comes here in three seconds of the matrix's load. */
    public int often() {
        return often;
    }

    /** A server that dies when it comes here for the n-th time. */
    public Launch launch(final Launch launch, final Path folder, final int time) throws IOException {
        return Patches.compile(launch, folder, List.of(patch), Trap.TIME + '=' + time);
    }

    /** An enum's constants cannot use its own constants. */
    private static final class Constants {
        private static final String TRAP = "\n        " + Trap.class.getName() + ".step();\n";
    }
}
