package io.millrace.bench.faults;

import io.millrace.bench.faults.stage.Await;
import io.millrace.bench.faults.stage.CutProxy;
import io.millrace.bench.faults.stage.CutProxy.Point;
import io.millrace.bench.faults.stage.Stage;
import java.util.function.Function;

/** Connections that break between the server and its stores. */
final class ConnectionFaults {
    private static final int CUT_MILLIS = 10_000;
    private static final int TROUBLE_MILLIS = 20_000;

    private ConnectionFaults() {}

    /** An XADD of which only a part arrives. */
    static boolean cutAppend(final Stage stage) throws Exception {
        return cut(stage, stage.redisProxy(), Point.WITHIN_REQUEST, "XADD");
    }

    /** An XADD that arrives, and whose reply does not. */
    static boolean loseAppendReply(final Stage stage) throws Exception {
        return cut(stage, stage.redisProxy(), Point.BEFORE_REPLY, "XADD");
    }

    /** A COMMIT that succeeds, and whose reply does not arrive. */
    static boolean loseCommitReply(final Stage stage) throws Exception {
        return cut(stage, stage.postgresProxy(), Point.AT_REPLY, "COMMIT\0");
    }

    private static boolean cut(final Stage stage, final CutProxy proxy, final Point point, final String text)
            throws Exception {
        final long before = stage.server().admin().troubles();
        proxy.cut(point, text);
        final boolean cut = Await.within(CUT_MILLIS, () -> !proxy.isArmed());
        proxy.disarm();
        final boolean bit = cut && ServerFaults.troubled(stage, before, TROUBLE_MILLIS);
        stage.awaitServing();
        return bit;
    }

    /** All connections to a store are reset. */
    static Fault reset(final Function<Stage, CutProxy> proxy) {
        return stage -> {
            final long before = stage.server().admin().troubles();
            proxy.apply(stage).cutAll();
            final boolean bit = ServerFaults.troubled(stage, before, TROUBLE_MILLIS);
            stage.awaitServing();
            return bit;
        };
    }

    /** The line is dead for a while, and nobody says so. */
    static Fault stall(final Function<Stage, CutProxy> proxy, final long minMillis, final long maxMillis) {
        return stage -> {
            final long before = stage.server().admin().troubles();
            proxy.apply(stage).stall(true);
            stage.pause(minMillis, maxMillis);
            // It has given up waiting.
            final boolean bit = ServerFaults.troubled(stage, before, TROUBLE_MILLIS);
            proxy.apply(stage).stall(false);
            stage.awaitServing();
            stage.awaitCaughtUp();
            return bit;
        };
    }
}
