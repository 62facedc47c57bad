package io.millrace.bench.faults;

import io.millrace.bench.faults.stage.Stage;
import io.millrace.bench.faults.stage.StageShape;
import io.millrace.bench.load.AckLevel;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** All rows. */
final class Matrix {
    private static final StageShape PLAIN = StageShape.PLAIN;
    private static final StageShape PROXIED = StageShape.PROXIED;

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
                    60,
                    level == AckLevel.JOURNAL || level == AckLevel.STORED ? 3 : 1));
        }
        rows.addAll(redis());
        rows.addAll(postgres());
        rows.addAll(server());
        rows.sort(java.util.Comparator.comparing(Row::id));
        return rows;
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
                        1),
                new Row("F04/down", "Redis kill -9, down for 30 s", PLAIN, RedisFaults.kill(30_000, 30_000), 2, 0),
                new Row(
                        "F06/readonly",
                        "Redis READONLY",
                        PLAIN,
                        RedisFaults.refusal(List.of("REPLICAOF", "127.0.0.1", "1"), List.of("REPLICAOF", "NO", "ONE")),
                        10,
                        1),
                new Row(
                        "F06/oom",
                        "Redis OOM",
                        PLAIN,
                        RedisFaults.refusal(
                                List.of("CONFIG", "SET", "maxmemory", "1"), List.of("CONFIG", "SET", "maxmemory", "0")),
                        10,
                        1),
                new Row("F06/misconf", "Redis MISCONF, its save fails", PLAIN, RedisFaults::failedSave, 3, 1),
                new Row("F06/loading", "Redis kill -9, LOADING for 2 s", PLAIN, RedisFaults::slowStart, 5, 1),
                new Row(
                        "F06/wrongtype",
                        "a key of another type in place of the stream",
                        PLAIN,
                        RedisFaults::wrongType,
                        10,
                        1),
                new Row("F06/nogroup", "the bookmark's group destroyed", PLAIN, RedisFaults::bookmarkLost, 10, 1),
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
                        2),
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
                new Row("F09/immediate", "PostgreSQL immediate stop", PLAIN, PostgresFaults.restart("QUIT"), 20, 1),
                new Row("F09/postmaster", "postmaster kill -9", PLAIN, PostgresFaults.restart("KILL"), 20, 1),
                new Row("F09/down", "PostgreSQL down for 60 s", PLAIN, PostgresFaults.stop(60_000, 60_000), 1, 0),
                new Row(
                        "F09/stop",
                        "PostgreSQL fast stop, down 1 to 3 s",
                        PLAIN,
                        PostgresFaults.stop(1000, 3000),
                        10,
                        1),
                new Row("F10", "COMMIT done, reply lost", PROXIED, ConnectionFaults::loseCommitReply, 100, 3),
                new Row(
                        "F10/reset",
                        "all PostgreSQL connections reset",
                        PROXIED,
                        ConnectionFaults.reset(Stage::postgresProxy),
                        50,
                        2),
                new Row("F11/deadlock", "deadlock, 40P01", PLAIN, PostgresFaults::deadlock, 10, 1),
                new Row(
                        "F11/cancel",
                        "statement cancelled, 57014",
                        PLAIN,
                        PostgresFaults.administrator("pg_cancel_backend"),
                        20,
                        1),
                new Row(
                        "F11/shutdown",
                        "session terminated, 57P01",
                        PLAIN,
                        PostgresFaults.administrator("pg_terminate_backend"),
                        20,
                        2),
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
                new Row("F16/term", "SIGTERM under load", PLAIN, ServerFaults::terminate, 20, 2),
                new Row("F16/twice", "SIGTERM twice", PLAIN, ServerFaults::terminateTwice, 20, 1),
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
                new Row("F30", "server, Redis and PostgreSQL kill -9", PLAIN, ServerFaults::everything, 50, 2),
                new Row("F31", "kill -9 during recovery, up to 5 times", PLAIN, ServerFaults::killInRecovery, 20, 2));
    }
}
