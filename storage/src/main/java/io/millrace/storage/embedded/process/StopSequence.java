package io.millrace.storage.embedded.process;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signals that end a server, in turn, each ruder than the one before, with a bounded wait after each. Immutable.
 *
 * @param steps in their order
 */
public record StopSequence(List<Step> steps) {
    private static final Logger LOGGER = LoggerFactory.getLogger(StopSequence.class);

    /**
     * One signal.
     *
     * @param signal its name, without SIG
     * @param limit how long the server has to end by it
     */
    public record Step(String signal, Duration limit) {}

    /** How the end of a process is seen. */
    @FunctionalInterface
    public interface Exit {
        /** Waits at most that long; tells whether it has ended. */
        boolean await(Duration limit) throws InterruptedException;
    }

    /** Takes a copy of the list. */
    public StopSequence {
        steps = List.copyOf(steps);
    }

    /** These signals in their order. */
    public static StopSequence of(final Step... steps) {
        return new StopSequence(List.of(steps));
    }

    /** Sends the signals until the process has ended; tells whether it has. */
    boolean end(final long pid, final Exit exit) throws IOException, InterruptedException {
        boolean ended = exit.await(Duration.ZERO);
        for (int i = 0; i < steps.size() && !ended; i++) {
            final Step step = steps.get(i);
            final Tools.Result sent = Tools.run(List.of("/bin/sh", "-c", "kill -s " + step.signal + " " + pid));
            ended = exit.await(step.limit);
            if (!ended) {
                LOGGER.warn(
                        "process {} has not ended {} ms after SIG{} {}",
                        pid,
                        step.limit.toMillis(),
                        step.signal,
                        sent.output().strip());
            }
        }
        return ended;
    }
}
