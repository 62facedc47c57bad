package io.millrace.bench.faults;

import io.millrace.bench.faults.stage.AdminPort;
import io.millrace.bench.faults.stage.Await;
import io.millrace.bench.faults.stage.ServerProcess;
import io.millrace.bench.faults.stage.Stage;
import io.millrace.bench.faults.stage.StageException;

/** SIGTERM under load: each role ends in time, with status 0, and leaves nothing behind that another process needs. */
final class StopFaults {
    private static final int SIGTERM_SECONDS = 30;
    private static final int STORE_SECONDS = 60;

    private StopFaults() {}

    /** All roles in one: what was answered is in PostgreSQL when it has ended. */
    static boolean all(final Stage stage) throws Exception {
        final boolean busy =
                stage.server().admin().ledger("accepted") > stage.postgres().lastEvents();
        terminate(stage.server());
        ServerFaults.requireStored(stage, "SIGTERM");
        ServerFaults.startAgain(stage);
        return busy;
    }

    /** A node that takes events in: what was answered is in the stream when it has ended, and needs it no more. */
    static boolean ingest(final Stage stage) throws Exception {
        final String ledger = stage.server().admin().get("/ledger");
        final boolean busy = AdminPort.number(ledger, "accepted") > AdminPort.number(ledger, "streamed");
        terminate(stage.server());
        final long accepted = stage.server().lastLedger("accepted");
        final boolean stored =
                Await.within(STORE_SECONDS * 1000L, () -> stage.postgres().lastEvents() >= accepted);
        if (!stored) {
            throw new StageException(
                    "SIGTERM: of " + accepted + " accepted events the node left some to its next start");
        }
        ServerFaults.requireStored(stage, "SIGTERM, the node not started again");
        ServerFaults.startAgain(stage);
        return busy;
    }

    /** An aggregator: it leaves the streams to others, the node goes on without it, and the next start from where it was. */
    static boolean aggregator(final Stage stage) throws Exception {
        final ServerProcess aggregator = stage.aggregator();
        // Taken from the stream; what of it is not committed then goes with the process, or in its last flush.
        final boolean busy = aggregator.admin().counters("millrace_folded_events")
                > aggregator.admin().counters("millrace_flushed_events");
        terminate(aggregator);
        Await.until(
                "the streams have no owner",
                10,
                () -> stage.postgres().ownerPids().isEmpty());
        stage.awaitServing();
        aggregator.start();
        stage.awaitCaughtUp();
        return busy;
    }

    private static void terminate(final ServerProcess server) throws Exception {
        final long startNanos = System.nanoTime();
        server.signal("TERM");
        final int status = server.awaitExit();
        final double seconds = (System.nanoTime() - startNanos) / 1e9;
        if (status != 0 || seconds > SIGTERM_SECONDS) {
            throw new StageException("SIGTERM: status " + status + " after " + seconds + " s");
        }
    }

    /** Twice: it ends at once, and the next start goes on. */
    static boolean twice(final Stage stage) throws Exception {
        stage.server().signal("TERM");
        stage.server().signal("TERM");
        stage.server().awaitExit();
        return ServerFaults.startAgain(stage);
    }
}
