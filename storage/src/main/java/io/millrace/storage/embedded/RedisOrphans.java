package io.millrace.storage.embedded;

import io.millrace.storage.StartupException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends what a server that was killed left running: each redis-server whose command line names our configuration file. That is
 * looked up in {@code /proc}, proc(5), rather than in a pid file, which a kill at the wrong moment leaves unwritten and a
 * reboot leaves pointing at a stranger.
 */
final class RedisOrphans {
    private static final Logger LOGGER = LoggerFactory.getLogger(RedisOrphans.class);

    private static final Path PROC = Path.of("/proc");
    private static final long POLL_MILLIS = 20;

    private RedisOrphans() {}

    /**
     * Ends all, SIGTERM first, and waits for their end.
     *
     * @param grace how long each may take, after SIGTERM and again after SIGKILL
     * @throws StartupException if one does not end
     */
    static void end(final Path configFile, final Duration grace) throws IOException, InterruptedException {
        for (final long pid : find(configFile)) {
            final Optional<ProcessHandle> process = ProcessHandle.of(pid);
            if (process.isEmpty()) {
                continue;
            }
            LOGGER.warn("redis-server {} was left running by a server that was killed: ending it", pid);
            process.get().destroy();
            if (!awaitEnd(process.get(), configFile, grace)) {
                process.get().destroyForcibly();
                if (!awaitEnd(process.get(), configFile, grace)) {
                    throw new StartupException("redis-server (pid " + pid + ") still runs on " + configFile.getParent()
                            + " and cannot be ended: run 'kill -9 " + pid + "' as its user");
                }
            }
        }
    }

    static List<Long> find(final Path configFile) throws IOException {
        final List<Long> found = new ArrayList<>();
        if (!Files.isDirectory(PROC)) {
            return found;
        }
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (final Path process : processes) {
                final long pid = Long.parseLong(process.getFileName().toString());
                if (isOurs(pid, configFile)) {
                    found.add(pid);
                }
            }
        }
        return found;
    }

    /** Whether that process is a redis-server started with our file; one that has ended has no command line. */
    private static boolean isOurs(final long pid, final Path configFile) {
        try {
            final byte[] line = Files.readAllBytes(PROC.resolve(pid + "/cmdline"));
            final String[] arguments = new String(line, StandardCharsets.UTF_8).split("\0", -1);
            return arguments.length > 1
                    && arguments[0].endsWith("redis-server")
                    && arguments[1].equals(configFile.toString());
        } catch (final IOException ended) {
            return false;
        }
    }

    /** Asks /proc again and again: an orphan that nobody has reaped yet has ended, though it still has a process id. */
    private static boolean awaitEnd(final ProcessHandle process, final Path configFile, final Duration limit)
            throws InterruptedException {
        final long deadlineNanos = System.nanoTime() + limit.toNanos();
        while (isOurs(process.pid(), configFile)) {
            if (System.nanoTime() - deadlineNanos >= 0) {
                return false;
            }
            pollExit(process);
        }
        return true;
    }

    private static void pollExit(final ProcessHandle process) throws InterruptedException {
        try {
            process.onExit().get(POLL_MILLIS, TimeUnit.MILLISECONDS);
        } catch (final TimeoutException stillThere) {
            LOGGER.trace("process {} still runs", process.pid());
        } catch (final ExecutionException | CancellationException e) {
            throw new IllegalStateException("cannot wait for process " + process.pid(), e);
        }
    }
}
