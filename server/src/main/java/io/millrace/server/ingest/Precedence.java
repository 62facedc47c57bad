package io.millrace.server.ingest;

import io.millrace.storage.embedded.process.Tools;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the event loops go before the other threads of the process when processors are short: an answer that waits for a slice of
 * the scheduler is late, and what stands behind the journal is not.
 *
 * <p>By the nice value, which Linux has for each thread, against sched(7) and POSIX, where it is the process's. A value below 0
 * needs CAP_SYS_NICE or a limit that allows it (RLIMIT_NICE); without, all threads stay alike, and nothing fails.
 */
final class Precedence {
    /** As nice(1) counts: nine times the weight of another thread. */
    static final int NICENESS = -10;

    private static final Logger LOGGER = LoggerFactory.getLogger(Precedence.class);
    /** Leads to the folder of the thread that asks: {@code <process>/task/<thread>}. */
    private static final Path OWN_THREAD = Path.of("/proc/thread-self");

    private Precedence() {}

    /**
     * To be called when the threads of the event loops run; by none of them.
     *
     * @throws InterruptedException if the thread is interrupted meanwhile
     */
    static void give(final Iterable<EventExecutor> loops) throws InterruptedException {
        final Optional<Path> renice = Tools.find("renice");
        if (renice.isEmpty() || !Files.exists(OWN_THREAD)) {
            LOGGER.debug("no renice(1) or no /proc here: the event loops go before no other thread");
            return;
        }
        try {
            final List<String> command =
                    new ArrayList<>(List.of(renice.get().toString(), "-n", Integer.toString(NICENESS), "-p"));
            for (final EventExecutor loop : loops) {
                command.add(loop.submit(Precedence::ownThread).sync().getNow());
            }
            final Tools.Result result = Tools.run(command);
            if (!result.succeeded()) {
                LOGGER.debug(
                        "the event loops go before no other thread: {}",
                        result.output().strip());
            }
        } catch (final IOException e) {
            LOGGER.debug("the event loops go before no other thread", e);
        }
    }

    private static String ownThread() throws IOException {
        return Files.readSymbolicLink(OWN_THREAD).getFileName().toString();
    }
}
