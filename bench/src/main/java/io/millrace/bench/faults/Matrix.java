package io.millrace.bench.faults;

import io.millrace.bench.faults.planted.DeathPoint;
import io.millrace.bench.faults.stage.Stage;
import io.millrace.bench.faults.stage.StageShape;
import io.millrace.bench.load.AckLevel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** All rows. */
final class Matrix {
    private static final StageShape PLAIN = StageShape.PLAIN;
    private static final StageShape PROXIED = StageShape.PROXIED;
    /** As much as two cores take beside clients, Redis and PostgreSQL. */
    private static final StageShape BUSY = PLAIN.withLoad(12);

    private Matrix() {}

    /** The rows, in the order of their ids. */
    static List<Row> rows() {
        final List<Row> rows = new ArrayList<>();
        for (final AckLevel level : AckLevel.values()) {
            rows.add(new Row(
                    "F01/" + level.name().toLowerCase(Locale.ROOT),
                    "server kill -9, answers at this level",
                    PLAIN.withAck(level),
                    ServerFaults::kill,
                    50,
                    level == AckLevel.JOURNAL || level == AckLevel.STORED ? 2 : 1));
        }
        rows.addAll(redis());
        rows.addAll(postgres());
        rows.addAll(server());
        rows.addAll(deaths());
        rows.addAll(journals());
        rows.addAll(clients());
        rows.addAll(disks());
        rows.add(new Row("R", "faults at random, one upon the other", PROXIED, new RandomFault(quick()), 60, 0));
        rows.sort(Comparator.comparing(Row::id));
        return rows;
    }

    private static List<Row> deaths() {
        final List<Row> rows = new ArrayList<>();
        for (final DeathPoint point : DeathPoint.values()) {
            final String name = point.name().toLowerCase(Locale.ROOT).replace('_', '-');
            rows.add(new Row(
                    "F02/" + name, "server dies: " + point.what(), PLAIN, new DeathFault(List.of(point)), 20, 0));
        }
        rows.add(new Row(
                "F02", "server dies: at any of these", PLAIN, new DeathFault(List.of(DeathPoint.values())), 20, 2));
        return rows;
    }

    private static List<Row> journals() {
        return List.of(
                new Row(
                                "F24/bit",
                                "kill -9, a bit of a journal flipped",
                                PLAIN,
                                JournalFaults.damage(JournalFaults::flipBit),
                                20,
                                2)
                        .with(Row.Losses.TOLD),
                new Row(
                                "F24/header",
                                "kill -9, a bit of a journal's header flipped",
                                PLAIN,
                                JournalFaults.damage(JournalFaults::flipHeaderBit),
                                20,
                                0)
                        .with(Row.Losses.UNREADABLE),
                new Row(
                                "F24/zero",
                                "kill -9, a page of a journal zeroed",
                                PLAIN,
                                JournalFaults.damage(JournalFaults::zeroPage),
                                20,
                                0)
                        .with(Row.Losses.UNREADABLE),
                new Row(
                                "F24/swap",
                                "kill -9, two pages of a journal swapped",
                                PLAIN,
                                JournalFaults.damage(JournalFaults::swapPages),
                                20,
                                0)
                        .with(Row.Losses.UNREADABLE),
                new Row(
                                "F24/truncate",
                                "kill -9, a journal truncated",
                                PLAIN,
                                JournalFaults.damage(JournalFaults::truncate),
                                20,
                                0)
                        .with(Row.Losses.UNREADABLE),
                new Row(
                        "F24/lost",
                        "kill -9, data folder lost, answers at stream",
                        PLAIN.withAck(AckLevel.STREAM),
                        JournalFaults::lose,
                        20,
                        1),
                new Row(
                        "F24/loops",
                        "kill -9, fewer event loops, more again",
                        PLAIN,
                        JournalFaults.otherwise("--event-loops=1"),
                        10,
                        0),
                new Row(
                        "F24/size",
                        "kill -9, journals of another size, and of the old one again",
                        PLAIN,
                        JournalFaults.otherwise("--journal-size=32MiB"),
                        10,
                        0),
                new Row("F24/older", "kill -9, older journals put back", PLAIN, StaleFaults::older, 10, 0));
    }

    private static List<Row> clients() {
        final StageShape impatient = PLAIN.withOptions("--header-timeout=1s", "--body-timeout=2s", "--idle-timeout=2s");
        return List.of(
                new Row(
                        "F19",
                        "journals full, Redis frozen for 4 to 6 s",
                        PLAIN.withOptions("--max-body=4KiB", "--journal-size=256KiB")
                                .withLoad(12),
                        ServerFaults::fullJournal,
                        10,
                        1),
                new Row(
                        "F20/head",
                        "200 connections with half a header",
                        impatient,
                        ClientFaults.silence(200, "GET /pixel.gif?u=1&a=v", ClientFaults.REQUEST_TIMEOUTS),
                        5,
                        0),
                new Row(
                        "F20/body",
                        "200 connections with half a body",
                        impatient,
                        ClientFaults.silence(200, ClientFaults.unfinishedBody(), ClientFaults.REQUEST_TIMEOUTS),
                        5,
                        1),
                new Row("F20/never-reads", "clients that never read", PLAIN, ClientFaults::neverReads, 5, 0),
                new Row(
                        "F21",
                        "200 connections silent after an answer",
                        impatient,
                        ClientFaults.silence(
                                200, "OPTIONS /events HTTP/1.1\r\nHost: faults\r\n\r\n", ClientFaults.IDLE_TIMEOUTS),
                        5,
                        1),
                new Row(
                        "F22",
                        "10,000 idle connections",
                        PLAIN.withOptions("--max-connections=11000"),
                        ClientFaults.idle(10_000),
                        2,
                        0),
                new Row("F22/some", "1000 idle connections", PLAIN, ClientFaults.idle(1000), 2, 1),
                new Row("F23", "no file descriptors left", PLAIN, ClientFaults::noDescriptors, 5, 1),
                new Row("F28", "100 bodies of 50 MiB at once", PLAIN, ClientFaults.hugeBodies(100), 5, 1));
    }

    private static List<Row> disks() {
        return List.of(
                new Row(
                        "F05",
                        "Redis kill -9, everysec and a slow disk",
                        PLAIN.withRedis("appendfsync everysec"),
                        DiskFaults::killWithSlowDisk,
                        20,
                        1),
                new Row("F13", "PostgreSQL's disk full", PLAIN.withDisk(256), DiskFaults::full, 5, 1),
                new Row("F14/slow", "commits wait 2 s for the disk", PLAIN, DiskFaults::slowCommit, 5, 1),
                new Row("F14/eio", "fdatasync fails in a commit", PLAIN, DiskFaults::failingCommit, 5, 0),
                new Row("F15", "no room for the journals", PLAIN, DiskFaults::noRoomForJournals, 3, 1));
    }

    /** Those that pass in a few seconds, over the same wiring, and leave nothing behind. */
    private static List<Fault> quick() {
        return List.of(
                ServerFaults::kill,
                ServerFaults::killInRecovery,
                StopFaults::twice,
                ServerFaults::everything,
                RedisFaults.kill(0, 1000),
                RedisFaults.freeze(200, 1000),
                RedisFaults::flushAll,
                RedisFaults.refusal(
                        List.of("CONFIG", "SET", "maxmemory", "1"), List.of("CONFIG", "SET", "maxmemory", "0")),
                PostgresFaults.restart("KILL"),
                PostgresFaults.restart("QUIT"),
                PostgresFaults::killSession,
                PostgresFaults::terminate,
                ConnectionFaults::cutAppend,
                ConnectionFaults::loseAppendReply,
                ConnectionFaults::loseCommitReply,
                ConnectionFaults.reset(Stage::redisProxy),
                ConnectionFaults.reset(Stage::postgresProxy));
    }

    private static List<Row> redis() {
        return List.of(
                new Row("F04/journal", "Redis kill -9, appendfsync always", PLAIN, RedisFaults.kill(0, 1500), 30, 2),
                new Row(
                        "F04/stream",
                        "the same, answers at stream",
                        PLAIN.withAck(AckLevel.STREAM),
                        RedisFaults.kill(0, 1500),
                        30,
                        0),
                new Row("F04/down", "Redis kill -9, down for 30 s", PLAIN, RedisFaults.kill(30_000, 30_000), 2, 0),
                new Row(
                        "F06/readonly",
                        "Redis READONLY",
                        PLAIN,
                        RedisFaults.refusal(List.of("REPLICAOF", "127.0.0.1", "1"), List.of("REPLICAOF", "NO", "ONE")),
                        10,
                        0),
                new Row(
                        "F06/oom",
                        "Redis OOM",
                        PLAIN,
                        RedisFaults.refusal(
                                List.of("CONFIG", "SET", "maxmemory", "1"), List.of("CONFIG", "SET", "maxmemory", "0")),
                        10,
                        1),
                new Row("F06/misconf", "Redis MISCONF, its save fails", PLAIN, RedisFaults::failedSave, 3, 0),
                new Row("F06/loading", "Redis kill -9, LOADING for 2 s", PLAIN, RedisFaults::slowStart, 5, 1),
                new Row(
                        "F06/wrongtype",
                        "a key of another type in place of the stream",
                        PLAIN,
                        RedisFaults::wrongType,
                        10,
                        0),
                new Row("F06/nogroup", "the bookmark's group destroyed", PLAIN, RedisFaults::bookmarkLost, 10, 0),
                new Row("F07/flushall", "Redis FLUSHALL", PLAIN, RedisFaults::flushAll, 20, 2),
                new Row("F07/older", "Redis back on older files", PLAIN, RedisFaults::goneBack, 20, 1),
                new Row("F08/within", "XADD cut in its middle", PROXIED, ConnectionFaults::cutAppend, 50, 3),
                new Row("F08/reply", "XADD arrived, reply lost", PROXIED, ConnectionFaults::loseAppendReply, 100, 3),
                new Row(
                        "F08/reset",
                        "all Redis connections reset",
                        PROXIED,
                        ConnectionFaults.reset(Stage::redisProxy),
                        50,
                        0),
                new Row(
                        "F08/stall",
                        "line to Redis dead for 6 to 8 s",
                        PROXIED,
                        ConnectionFaults.stall(Stage::redisProxy, 6000, 8000),
                        5,
                        0),
                new Row("F27", "poison entries in the stream", PLAIN, RedisFaults::poison, 20, 1));
    }

    private static List<Row> postgres() {
        return List.of(
                new Row("F09/session", "the owner's backend kill -9", PLAIN, PostgresFaults::killSession, 20, 1),
                new Row(
                        "F09/copy",
                        "the owner's backend terminated inside the COPY",
                        PLAIN,
                        HeldFlushFaults::copy,
                        10,
                        0),
                new Row("F09/immediate", "PostgreSQL immediate stop", PLAIN, PostgresFaults.restart("QUIT"), 20, 0),
                new Row("F09/postmaster", "postmaster kill -9", PLAIN, PostgresFaults.restart("KILL"), 20, 1),
                new Row("F09/down", "PostgreSQL down for 60 s", PLAIN, PostgresFaults.stop(60_000, 60_000), 1, 0),
                new Row(
                        "F09/stop",
                        "PostgreSQL fast stop, down 1 to 3 s",
                        PLAIN,
                        PostgresFaults.stop(1000, 3000),
                        10,
                        0),
                new Row("F10", "COMMIT done, reply lost", PROXIED, ConnectionFaults::loseCommitReply, 100, 3),
                new Row(
                        "F10/reset",
                        "all PostgreSQL connections reset",
                        PROXIED,
                        ConnectionFaults.reset(Stage::postgresProxy),
                        50,
                        0),
                new Row("F11/deadlock", "deadlock, 40P01", PLAIN, PostgresFaults::deadlock, 10, 0),
                new Row(
                        "F11/serialization",
                        "serialization failure, 40001",
                        PLAIN,
                        HeldFlushFaults::serialization,
                        10,
                        0),
                new Row("F11/cancel", "statement cancelled, 57014", PLAIN, PostgresFaults::cancel, 20, 0),
                new Row("F11/shutdown", "session terminated, 57P01", PLAIN, PostgresFaults::terminate, 20, 2),
                new Row("F11/lock", "lock timeout, 55P03", PLAIN, PostgresFaults::lockTimeout, 2, 0),
                new Row(
                        "F12/readonly",
                        "PostgreSQL read-only",
                        PLAIN,
                        PostgresFaults.setting("default_transaction_read_only", "on"),
                        10,
                        1));
    }

    private static List<Row> server() {
        return List.of(
                new Row("F16/term", "SIGTERM under load", PLAIN, StopFaults::all, 20, 1),
                new Row("F16/all", "SIGTERM under full load, all roles", BUSY, StopFaults::all, 10, 0),
                new Row(
                        "F16/ingest",
                        "SIGTERM under full load, a node that takes events in",
                        BUSY.withRolesApart(),
                        StopFaults::ingest,
                        10,
                        0),
                new Row(
                        "F16/aggregate",
                        "SIGTERM under full load, an aggregator",
                        BUSY.withRolesApart(),
                        StopFaults::aggregator,
                        10,
                        0),
                new Row("F16/twice", "SIGTERM twice", PLAIN, StopFaults::twice, 20, 0),
                new Row("F17/server", "server frozen for 12 to 15 s", PLAIN, ServerFaults.freeze(12_000, 15_000), 3, 0),
                new Row("F17/redis", "Redis frozen for 10 s", PLAIN, RedisFaults.freeze(10_000, 10_000), 3, 0),
                new Row(
                        "F17/postgres",
                        "PostgreSQL frozen for 10 s",
                        PLAIN,
                        PostgresFaults.freeze(10_000, 10_000),
                        3,
                        0),
                new Row("F17/short", "Redis frozen for 1 to 3 s", PLAIN, RedisFaults.freeze(1000, 3000), 10, 1),
                new Row("F25", "a second server on the data folder", PLAIN, ServerFaults::second, 10, 1),
                new Row("F25/name", "a second node of the same name", PLAIN, StaleFaults::sameName, 5, 0),
                new Row("F18/start", "a clock 2 h off at the start", PLAIN, ClockFaults::atStart, 6, 0),
                new Row("F18/leap", "the clock leaps 2 h, and back", PLAIN, ClockFaults::whileItServes, 6, 0),
                new Row("F18/redis", "the clock of Redis leaps 2 h", PLAIN, ClockFaults::ofRedis, 6, 1),
                new Row(
                        "F26",
                        "the owner of the streams frozen past its take-over",
                        PLAIN,
                        OwnershipFaults::thawedOwner,
                        5,
                        1),
                new Row(
                        "F29",
                        "PostgreSQL down for 10 s, Redis trimmed as configured",
                        PLAIN.withOptions("--max-body=4KiB", "--journal-size=256KiB"),
                        PostgresFaults.stop(10_000, 10_000),
                        3,
                        1),
                new Row("F30", "server, Redis and PostgreSQL kill -9", PLAIN, ServerFaults::everything, 50, 1),
                new Row("F31", "kill -9 during recovery, up to 5 times", PLAIN, ServerFaults::killInRecovery, 20, 1));
    }
}
