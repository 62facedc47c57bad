package io.millrace.bench.faults;

import io.millrace.bench.faults.stage.AdminPort;
import io.millrace.bench.faults.stage.Await;
import io.millrace.bench.faults.stage.Stage;
import io.millrace.bench.faults.stage.StageException;
import io.millrace.storage.embedded.folder.DurableFiles;
import io.millrace.storage.embedded.process.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Faults of Redis. */
final class RedisFaults {
    private static final int TROUBLE_MILLIS = 10_000;
    private static final String BOOKMARK = "millrace";

    private RedisFaults() {}

    /** {@code kill -9}, a while without it, and a start on what it has on disk. */
    static Fault kill(final long minDownMillis, final long maxDownMillis) {
        return stage -> {
            final long before = stage.server().admin().troubles();
            stage.redis().kill();
            stage.pause(minDownMillis, maxDownMillis);
            stage.redis().start();
            return recovered(stage, before);
        };
    }

    /** SIGSTOP and SIGCONT. */
    static Fault freeze(final long minMillis, final long maxMillis) {
        return stage -> {
            stage.redis().pause();
            // A reply may have been on its way.
            stage.pause(100, 100);
            final long streamed = stage.server().admin().ledger("streamed");
            stage.pause(minMillis, maxMillis);
            final String ledger = stage.server().admin().get("/ledger");
            stage.redis().resume();
            stage.awaitServing();
            stage.awaitCaughtUp();
            // Events were taken meanwhile, and none was shipped.
            return AdminPort.number(ledger, "streamed") == streamed && AdminPort.number(ledger, "accepted") > streamed;
        };
    }

    /** A command that makes Redis refuse, for a while, and one that undoes it. */
    static Fault refusal(final List<String> command, final List<String> undo) {
        return stage -> {
            final long before = stage.server().admin().troubles();
            expect(stage, command);
            final boolean bit = ServerFaults.troubled(stage, before, TROUBLE_MILLIS);
            stage.pause(0, 1000);
            expect(stage, undo);
            stage.awaitServing();
            stage.awaitCaughtUp();
            return bit;
        };
    }

    private static void expect(final Stage stage, final List<String> command) throws Exception {
        final String answer = stage.redis().command(command.toArray(String[]::new));
        if (!answer.startsWith("OK")) {
            throw new StageException("redis-cli " + command + ": " + answer);
        }
    }

    /** Its background save fails: MISCONF. */
    static boolean failedSave(final Stage stage) throws Exception {
        final long before = stage.server().admin().troubles();
        final Path inTheWay = stage.redis().folder().resolve("dump.rdb");
        Files.deleteIfExists(inTheWay);
        Files.createDirectory(inTheWay);
        Files.writeString(inTheWay.resolve("file"), "so that the folder cannot be replaced");
        expect(stage, List.of("CONFIG", "SET", "save", "1 1"));
        final boolean bit = ServerFaults.troubled(stage, before, 3 * TROUBLE_MILLIS);
        DurableFiles.delete(inTheWay);
        expect(stage, List.of("CONFIG", "SET", "save", ""));
        expect(stage, List.of("CONFIG", "SET", "stop-writes-on-bgsave-error", "no"));
        stage.awaitCaughtUp();
        expect(stage, List.of("CONFIG", "SET", "stop-writes-on-bgsave-error", "yes"));
        return bit;
    }

    /** Killed, and slow to read its files: LOADING. */
    static boolean slowStart(final Stage stage) throws Exception {
        stage.redis().command("EVAL", "for i = 1, 40000 do redis.call('SET', 'slow', i) end", "0");
        stage.redis().configure("key-load-delay 50");
        stage.redis().configure("loading-process-events-interval-bytes 1024");
        final long before = stage.server().admin().troubles();
        stage.redis().kill();
        stage.redis().start();
        stage.redis().configure("key-load-delay 0");
        stage.redis().command("CONFIG", "SET", "key-load-delay", "0");
        stage.redis().command("BGREWRITEAOF");
        return recovered(stage, before);
    }

    /** All its data is gone. */
    static boolean flushAll(final Stage stage) throws Exception {
        final long before = stage.server().admin().troubles();
        expect(stage, List.of("FLUSHALL"));
        return recovered(stage, before);
    }

    /** A key of another type stands where the stream was. */
    static boolean wrongType(final Stage stage) throws Exception {
        final long before = stage.server().admin().troubles();
        for (final String stream : stage.redis().streams()) {
            stage.redis().command("DEL", stream);
            stage.redis().command("SET", stream, "in the way");
        }
        final boolean bit = ServerFaults.troubled(stage, before, TROUBLE_MILLIS);
        stage.pause(0, 1000);
        for (final String stream : stage.redis().streams()) {
            stage.redis().command("DEL", stream);
        }
        return recovered(stage, before) && bit;
    }

    /** The consumer group that is the bookmark is gone. */
    static boolean bookmarkLost(final Stage stage) throws Exception {
        final List<String> destroyed = new ArrayList<>();
        for (final String stream : stage.redis().streams()) {
            if (stage.redis().command("XGROUP", "DESTROY", stream, BOOKMARK).equals("1")) {
                destroyed.add(stream);
            }
        }
        stage.awaitServing();
        stage.awaitCaughtUp();
        // Whoever makes it again has noticed.
        return !destroyed.isEmpty() && Await.within(TROUBLE_MILLIS, () -> haveBookmarks(stage, destroyed));
    }

    private static boolean haveBookmarks(final Stage stage, final List<String> streams) throws Exception {
        for (final String stream : streams) {
            if (!stage.redis().command("XINFO", "GROUPS", stream).contains(BOOKMARK)) {
                return false;
            }
        }
        return true;
    }

    /** Killed, and started on files that are some time old: it has gone back. */
    static boolean goneBack(final Stage stage) throws Exception {
        final Path files = stage.redis().folder().resolve("appendonlydir");
        final Path old = stage.redis().folder().resolve("old");
        DurableFiles.delete(old);
        copy(files, old);
        stage.pause(500, 2000);
        final long before = stage.server().admin().troubles();
        stage.redis().kill();
        DurableFiles.delete(files);
        copy(old, files);
        stage.redis().start();
        return recovered(stage, before);
    }

    private static void copy(final Path from, final Path to) throws Exception {
        final Tools.Result result = Tools.run(List.of("cp", "-a", from.toString(), to.toString()));
        if (!result.succeeded()) {
            throw new StageException("cp " + from + ": " + result.output());
        }
    }

    /** Entries that are no blocks: each is set aside, and what stands behind it is counted. */
    static boolean poison(final Stage stage) throws Exception {
        final long before = stage.server().admin().counters("millrace_poison_entries");
        final int entries = 1 + stage.random().nextInt(5);
        for (final String stream : stage.redis().streams()) {
            for (int i = 0; i < entries; i++) {
                final String junk = "x".repeat(stage.random().nextInt(200));
                stage.redis().command("XADD", stream, "*", stage.random().nextBoolean() ? "b" : "other", junk);
            }
        }
        stage.awaitServing();
        stage.awaitCaughtUp();
        return stage.server().admin().counters("millrace_poison_entries") > before;
    }

    private static boolean recovered(final Stage stage, final long before) throws Exception {
        final boolean bit = ServerFaults.troubled(stage, before, TROUBLE_MILLIS);
        stage.awaitServing();
        stage.awaitCaughtUp();
        return bit;
    }
}
