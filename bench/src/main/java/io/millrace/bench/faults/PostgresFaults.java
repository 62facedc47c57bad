package io.millrace.bench.faults;

import io.millrace.bench.faults.stage.Await;
import io.millrace.bench.faults.stage.PostgresServer;
import io.millrace.bench.faults.stage.Stage;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Faults of PostgreSQL. */
final class PostgresFaults {
    private static final int TROUBLE_MILLIS = 10_000;
    /** Within this time there is a flush, so that a session is met within one. */
    private static final int FLUSH_MILLIS = 1_500;

    /** A flush that waits for another session. */
    private static final String LOCKED = PostgresServer.OWNER + " AND wait_event_type = 'Lock'";

    private PostgresFaults() {}

    /** A signal of which the whole server dies; it comes back by itself and recovers. */
    static Fault restart(final String signal) {
        return stage -> {
            final long before = stage.server().admin().troubles();
            awaitFlush(stage);
            stage.postgres().restartBySignal(signal);
            return recovered(stage, before);
        };
    }

    /** SIGKILL for the process that serves the owner: the server restarts all of its processes. */
    static boolean killSession(final Stage stage) throws Exception {
        final long before = stage.server().admin().troubles();
        final List<Long> owners = stage.postgres().ownerPids();
        awaitFlush(stage);
        for (final long pid : owners) {
            stage.postgres().signal("KILL", pid);
        }
        Await.until("PostgreSQL answers", 60, stage.postgres()::answers);
        return recovered(stage, before);
    }

    /** The owner's session is terminated by an administrator, in the middle of a flush if there is one. */
    static boolean terminate(final Stage stage) throws Exception {
        final long before = stage.server().admin().troubles();
        awaitFlush(stage);
        stage.postgres()
                .execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE " + PostgresServer.OWNER);
        return recovered(stage, before);
    }

    /** Looks for a moment at which the owner is in a transaction; tells whether there was one. */
    private static boolean awaitFlush(final Stage stage) throws Exception {
        final long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(FLUSH_MILLIS);
        try (Connection connection = stage.postgres().connect();
                Statement statement = connection.createStatement()) {
            while (System.nanoTime() - deadlineNanos < 0) {
                try (ResultSet row = statement.executeQuery("SELECT count(*) FROM pg_stat_activity WHERE "
                        + PostgresServer.OWNER + " AND (state = 'active' OR state LIKE 'idle in%')")) {
                    row.next();
                    if (row.getLong(1) > 0) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /** SIGSTOP and SIGCONT for all its processes. */
    static Fault freeze(final long minMillis, final long maxMillis) {
        return stage -> {
            stage.postgres().pause();
            // A commit may have been done, its reply on its way.
            stage.pause(1000, 1000);
            final long flushes = stage.server().admin().counters("millrace_flushes");
            final long shipped = stage.server().admin().counters("millrace_shipped_events");
            stage.pause(minMillis, maxMillis);
            // Events were shipped meanwhile, and nothing was committed.
            final boolean held = stage.server().admin().counters("millrace_flushes") == flushes
                    && stage.server().admin().counters("millrace_shipped_events") > shipped;
            stage.postgres().resume();
            stage.awaitServing();
            stage.awaitCaughtUp();
            return held;
        };
    }

    /** Stopped in good order, and a while without it. */
    static Fault stop(final long minDownMillis, final long maxDownMillis) {
        return stage -> {
            final long before = stage.server().admin().troubles();
            stage.postgres().stop();
            stage.pause(minDownMillis, maxDownMillis);
            stage.postgres().start();
            return recovered(stage, before);
        };
    }

    /** A setting of the whole server for a while. */
    static Fault setting(final String name, final String value) {
        return stage -> {
            final long before = stage.server().admin().troubles();
            stage.postgres().execute("ALTER SYSTEM SET " + name + " = " + value, "SELECT pg_reload_conf()");
            final boolean bit;
            try {
                bit = ServerFaults.troubled(stage, before, TROUBLE_MILLIS);
                stage.pause(0, 1000);
            } finally {
                stage.postgres()
                        .execute(
                                "SET default_transaction_read_only = off",
                                "ALTER SYSTEM RESET " + name,
                                "SELECT pg_reload_conf()");
            }
            stage.awaitServing();
            stage.awaitCaughtUp();
            return bit;
        };
    }

    /**
     * A deadlock in which the flush is the victim: this session holds the watermarks, the flush takes the day's total and waits
     * for them, and then this one wants the day's total.
     */
    static boolean deadlock(final Stage stage) throws Exception {
        final long before = stage.server().admin().troubles();
        final long deadlocks = stage.postgres().deadlocks();
        try (Connection connection = stage.postgres().connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET deadlock_timeout = '1h'");
            connection.setAutoCommit(false);
            statement.execute("SELECT 1 FROM stream_watermarks FOR UPDATE");
            awaitLocked(stage);
            // It would fail here, were this session the victim.
            statement.execute("SELECT 1 FROM day_totals FOR UPDATE");
            connection.rollback();
        }
        final boolean broken =
                Await.within(TROUBLE_MILLIS, () -> stage.postgres().deadlocks() > deadlocks);
        return recovered(stage, before) && broken;
    }

    /** A statement of the flush, which a lock holds up so that there is one, is cancelled. */
    static boolean cancel(final Stage stage) throws Exception {
        final long before = stage.server().admin().troubles();
        try (Connection connection = stage.postgres().connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("SELECT 1 FROM stream_watermarks FOR UPDATE");
            awaitLocked(stage);
            statement.execute("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE " + LOCKED);
            connection.rollback();
        }
        return recovered(stage, before);
    }

    static void awaitLocked(final Stage stage) throws Exception {
        Await.until(
                "the flush waits for a lock",
                20,
                () -> stage.postgres().number("SELECT count(*) FROM pg_stat_activity WHERE " + LOCKED) > 0);
    }

    /** A lock that lasts longer than the owner waits. */
    static boolean lockTimeout(final Stage stage) throws Exception {
        final long before = stage.server().admin().troubles();
        final boolean bit;
        try (Connection connection = stage.postgres().connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("LOCK TABLE aggregated_events IN ACCESS EXCLUSIVE MODE");
            bit = ServerFaults.troubled(stage, before, 40_000);
            connection.rollback();
        }
        stage.awaitServing();
        stage.awaitCaughtUp();
        return bit;
    }

    static boolean recovered(final Stage stage, final long before) throws Exception {
        final boolean bit = ServerFaults.troubled(stage, before, TROUBLE_MILLIS);
        stage.awaitServing();
        stage.awaitCaughtUp();
        return bit;
    }
}
