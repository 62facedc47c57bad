package io.millrace.storage.embedded.process;

import io.millrace.storage.StartupException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Servers that a Millrace which was killed left running on a folder. The caller holds the folder, so nobody else owns them.
 *
 * <p>They are recognized by their command line in {@code /proc}, proc(5), rather than by a pid file, which a kill at the
 * wrong moment leaves unwritten and a reboot leaves pointing at a stranger. Where there is no {@code /proc} none is found.
 *
 * @param name of the server, for messages
 * @param folder that the server runs on, for messages
 * @param isOurs tells from a command line, program first, whether it is a server on that folder
 */
public record Orphans(String name, Path folder, Predicate<List<String>> isOurs) {
    private static final Logger LOGGER = LoggerFactory.getLogger(Orphans.class);

    private static final Path PROC = Path.of("/proc");
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    /**
     * Ends all and waits for that.
     *
     * @throws StartupException if one does not end
     */
    public void end(final StopSequence sequence) throws IOException, InterruptedException {
        for (final long pid : find()) {
            LOGGER.warn("{} {} was left running by a server that was killed: ending it", name, pid);
            if (!sequence.end(pid, limit -> awaitExit(pid, limit))) {
                throw new StartupException(name + " (pid " + pid + ") still runs on " + folder
                        + " and cannot be ended: run 'kill -9 " + pid + "' as its user");
            }
        }
    }

    /** Their process ids. */
    public List<Long> find() throws IOException {
        final List<Long> found = new ArrayList<>();
        if (!Files.isDirectory(PROC)) {
            return found;
        }
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (final Path process : processes) {
                final long pid = Long.parseLong(process.getFileName().toString());
                if (runs(pid)) {
                    found.add(pid);
                }
            }
        }
        return found;
    }

    private boolean runs(final long pid) {
        return isOurs.test(commandLine(pid));
    }

    /** The program and its arguments; one empty text if there is no such process, or it is ending or has ended. */
    private static List<String> commandLine(final long pid) {
        try {
            final byte[] line = Files.readAllBytes(PROC.resolve(pid + "/cmdline"));
            return List.of(new String(line, StandardCharsets.UTF_8).split("\0", -1));
        } catch (final IOException ended) {
            return List.of("");
        }
    }

    /**
     * Whether it has ended, even if nobody has reaped it yet (state Z). In between it has lost its command line, but may
     * still hold its port and files.
     */
    private boolean hasEnded(final long pid) {
        final List<String> line = commandLine(pid);
        if (!line.equals(List.of(""))) {
            return !isOurs.test(line);
        }
        try {
            final String stat = Files.readString(PROC.resolve(pid + "/stat"), StandardCharsets.ISO_8859_1);
            final int state = stat.lastIndexOf(')') + 2;
            return state < stat.length() && "ZX".indexOf(stat.charAt(state)) >= 0;
        } catch (final IOException reaped) {
            return true;
        }
    }

    /** Nobody but its parent is told of the end of a process, and that is gone. */
    private boolean awaitExit(final long pid, final Duration limit) throws InterruptedException {
        final long deadlineNanos = System.nanoTime() + limit.toNanos();
        while (!hasEnded(pid)) {
            if (System.nanoTime() - deadlineNanos >= 0) {
                return false;
            }
            LockSupport.parkNanos(POLL_NANOS);
            if (Thread.interrupted()) {
                throw new InterruptedException("while waiting for process " + pid + " to end");
            }
        }
        return true;
    }
}
