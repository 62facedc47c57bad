package io.millrace.storage.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Sends signals to processes that a test started, and sees what became of them; see proc(5) for the states. */
public final class Signals {
    private static final String STOP = "STOP";
    private static final String STOPPED = "T";
    private static final String DEAD = "ZX";

    private Signals() {}

    /**
     * Sends one signal. {@code STOP} has been obeyed when this returns: kill(2) itself does not wait for a process that is at
     * work on another core, or that a busy machine has set aside in the middle of a system call.
     *
     * @param name without SIG: KILL, STOP, CONT
     * @throws IOException if there is no such process
     */
    public static void send(final String name, final long pid) throws Exception {
        final int status = new ProcessBuilder("/bin/sh", "-c", "kill -s " + name + ' ' + pid)
                .inheritIO()
                .start()
                .waitFor();
        if (status != 0) {
            throw new IOException("kill -s " + name + ' ' + pid + " ended with status " + status);
        }
        if (name.equals(STOP)) {
            Await.until("process " + pid + " stands still", () -> allThreadsAre(pid, STOPPED + DEAD));
        }
    }

    /** Whether the process has ended, even if nobody has asked for its status yet: whoever inherits an orphan may never do. */
    public static boolean hasEnded(final ProcessHandle process) throws IOException {
        return !process.isAlive() || allThreadsAre(process.pid(), DEAD);
    }

    private static boolean allThreadsAre(final long pid, final String states) throws IOException {
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
            for (final Path thread : threads) {
                if (states.indexOf(state(thread)) < 0) {
                    return false;
                }
            }
            return true;
        } catch (final NoSuchFileException gone) {
            return true;
        }
    }

    private static char state(final Path thread) throws IOException {
        try {
            final String stat = Files.readString(thread.resolve("stat"), ISO_8859_1);
            return stat.charAt(stat.lastIndexOf(')') + 2);
        } catch (final NoSuchFileException ended) {
            return DEAD.charAt(1);
        }
    }
}
