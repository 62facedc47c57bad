package io.millrace.storage.embedded;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends a server by a list of signals, each milder than the next, with a bounded wait after each. */
final class ServerStop {
    private static final Logger LOGGER = LoggerFactory.getLogger(ServerStop.class);

    /** A signal's name and how long the process has to end by it. */
    record Step(String signal, Duration limit) {}

    private ServerStop() {}

    /** Sends the signals in turn until the process has ended; tells whether it has. */
    static boolean end(final ProcessHandle process, final List<Step> steps) throws InterruptedException {
        for (final Step step : steps) {
            if (!process.isAlive()) {
                return true;
            }
            final Tools.Result sent =
                    Tools.run(List.of("/bin/sh", "-c", "kill -s " + step.signal + " " + process.pid()));
            if (awaitExit(process, step.limit)) {
                return true;
            }
            LOGGER.warn(
                    "process {} has not ended {} s after SIG{} {}",
                    process.pid(),
                    step.limit.toSeconds(),
                    step.signal,
                    sent.output());
        }
        return !process.isAlive();
    }

    private static boolean awaitExit(final ProcessHandle process, final Duration limit) throws InterruptedException {
        try {
            process.onExit().get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (final TimeoutException stillThere) {
            return false;
        } catch (final ExecutionException e) {
            throw new IllegalStateException("cannot wait for process " + process.pid(), e);
        }
    }
}
