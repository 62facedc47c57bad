package io.millrace.bench.faults;

import io.millrace.bench.faults.stage.Await;
import io.millrace.bench.faults.stage.ServerProcess;
import io.millrace.bench.faults.stage.Stage;

/** Two aggregators on the same streams. */
final class OwnershipFaults {
    private static final int TAKE_OVER_SECONDS = 60;
    private static final String FLUSHED = "millrace_flushed_events";

    private OwnershipFaults() {}

    /**
     * The owner sleeps until another has taken its streams over and committed, and wakes up with what it had folded. It takes in
     * events itself, so that what is lost or doubled shows in the load's own ledger.
     */
    static boolean thawedOwner(final Stage stage) throws Exception {
        final ServerProcess other = stage.newServer("other", "--role=aggregate");
        other.start();
        stage.pause(2500, 4000);
        stage.server().signal("STOP");
        final long flushed = other.admin().counters(FLUSHED);
        // It owns nothing before: what it commits, it has taken over.
        final boolean taken =
                Await.within(TAKE_OVER_SECONDS * 1000L, () -> other.admin().counters(FLUSHED) > flushed);
        stage.pause(0, 2000);
        stage.server().signal("CONT");
        stage.awaitServing();
        stage.pause(2000, 3000);
        other.kill();
        stage.awaitCaughtUp();
        return taken;
    }
}
