package io.millrace.bench.faults;

import io.millrace.bench.faults.stage.Audit;
import io.millrace.bench.faults.stage.Await;
import io.millrace.bench.faults.stage.ServerProcess;
import io.millrace.bench.faults.stage.Stage;
import io.millrace.bench.faults.stage.StageException;
import io.millrace.bench.load.AckLevel;
import java.util.BitSet;

/** Ends of the server process. */
final class ServerFaults {
    private static final int MOST_KILLS_IN_A_ROW = 5;

    private ServerFaults() {}

    /** {@code kill -9} at a random moment, and a start. What was answered as stored must be stored before that. */
    static boolean kill(final Stage stage) throws Exception {
        stage.pause(0, 1500);
        stage.server().kill();
        if (stage.level() == AckLevel.STORED) {
            // An answer that waited too long for its level came at a lower one; the load is too small for that here.
            requireStored(stage, "answers at stored");
        }
        return startAgain(stage);
    }

    /** Starts the dead server; tells whether it found events that were not stored yet. */
    static boolean startAgain(final Stage stage) throws Exception {
        final long stored = stage.postgres().lastEvents();
        stage.server().start();
        final long accepted = stage.server().admin().ledger("accepted");
        stage.awaitServing();
        return accepted > stored;
    }

    /** All that was answered is in PostgreSQL; for a server that is down. */
    static void requireStored(final Stage stage, final String when) throws Exception {
        final BitSet answered = stage.traffic().ledger().accepted();
        final long missing = Audit.missing(answered, stage.postgres());
        if (missing > 0) {
            throw new StageException(when + ": " + missing + " answered events are not in PostgreSQL");
        }
    }

    /** {@code kill -9} again and again while it recovers. */
    static boolean killInRecovery(final Stage stage) throws Exception {
        stage.server().kill();
        final int kills = 1 + stage.random().nextInt(MOST_KILLS_IN_A_ROW);
        for (int i = 0; i < kills; i++) {
            stage.server().begin();
            // From before the JVM is up until some time after it serves.
            stage.pause(50, 1500);
            stage.server().kill();
        }
        return startAgain(stage);
    }

    /** SIGSTOP and SIGCONT, as by a pause of the machine. */
    static Fault freeze(final long minMillis, final long maxMillis) {
        return stage -> {
            stage.server().signal("STOP");
            // What stood in the sockets when it stopped is still read.
            stage.pause(1000, 1000);
            final long before = stage.traffic().ledger().acceptances();
            stage.pause(minMillis, maxMillis);
            final boolean frozen = stage.traffic().ledger().acceptances() == before;
            stage.server().signal("CONT");
            stage.awaitServing();
            stage.awaitCaughtUp();
            return frozen;
        };
    }

    /** A second server on the data folder: refused at once, and the first one goes on. */
    static boolean second(final Stage stage) throws Exception {
        final ServerProcess second = stage.newServer("data");
        second.begin();
        final int status = second.awaitExit();
        if (status == 0) {
            throw new StageException("a second server on the folder ended with status 0");
        }
        final long first = stage.server().pid();
        stage.awaitServing();
        return second.output().contains("is in use (by another process, pid " + first);
    }

    /** All at once: server, Redis, PostgreSQL. */
    static boolean everything(final Stage stage) throws Exception {
        stage.pause(0, 1500);
        stage.server().signal("KILL");
        stage.redis().kill();
        stage.postgres().restartBySignal("KILL");
        stage.server().awaitExit();
        stage.redis().start();
        return startAgain(stage);
    }

    /** Redis stands still until the journals are full: refused with 503, and taken again when there is room. */
    static boolean fullJournal(final Stage stage) throws Exception {
        final long refused = stage.traffic().ledger().refused().cardinality();
        stage.redis().pause();
        stage.pause(4000, 6000);
        stage.redis().resume();
        stage.awaitServing();
        stage.awaitCaughtUp();
        return stage.traffic().ledger().refused().cardinality() > refused;
    }

    /** Waits until a counter of trouble has moved; tells whether it did. */
    static boolean troubled(final Stage stage, final long before, final long limitMillis) throws Exception {
        return Await.within(limitMillis, () -> stage.server().admin().troubles() > before);
    }
}
