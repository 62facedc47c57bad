package io.millrace.storage.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * A server that runs as a child of this process and ends with it.
 *
 * <ol>
 *   <li>The child has a session of its own ({@code setsid}), so that Ctrl-C in a terminal reaches this process only, which
 *       then drains before it stops the child.
 *   <li>The kernel sends the child a signal when this process dies, {@code kill -9} included
 *       ({@code setpriv --pdeathsig}, prctl(2) PR_SET_PDEATHSIG). The kernel binds that to the <em>thread</em> that forked;
 *       so a thread is kept for each child, which forks it and then waits for its end. The setting is lost by a change of
 *       credentials; so it comes after that, last before the server itself.
 *   <li>Where these tools are missing the child lacks that protection, and the next start finds and stops the orphan.
 * </ol>
 *
 * <p>All programs in between replace themselves ({@code exec}), so {@link #pid()} is the server's own.
 */
final class ChildProcess {
    private final Process process;

    private ChildProcess(final Process process) {
        this.process = process;
    }

    /**
     * Starts a server.
     *
     * @param name of the thread that is kept for it
     * @param runAs changes the user where that is needed
     * @param deathSignal what the child gets when this process dies: the name of a signal that stops it cleanly
     * @param command the server and its arguments
     * @param log where its output is appended
     */
    static ChildProcess start(
            final String name,
            final RunAs runAs,
            final String deathSignal,
            final List<String> command,
            final Map<String, String> environment,
            final Path log)
            throws IOException {
        final List<String> line = new ArrayList<>();
        Tools.find("setsid").ifPresent(setsid -> line.add(setsid));
        line.addAll(runAs.prefix());
        Tools.find("setpriv").ifPresent(setpriv -> line.addAll(List.of(setpriv, "--pdeathsig", deathSignal, "--")));
        line.addAll(command);

        final ProcessBuilder builder = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().clear();
        builder.environment().putAll(environment);
        return new ChildProcess(forkOnOwnThread(name, builder));
    }

    private static Process forkOnOwnThread(final String name, final ProcessBuilder builder) throws IOException {
        final CompletableFuture<Process> started = new CompletableFuture<>();
        final Thread keeper = new Thread(
                () -> {
                    try {
                        final Process process = builder.start();
                        started.complete(process);
                        waitUninterruptibly(process);
                    } catch (final IOException e) {
                        started.completeExceptionally(e);
                    }
                },
                name);
        keeper.setDaemon(true);
        keeper.start();
        try {
            return started.join();
        } catch (final CompletionException e) {
            throw new IOException(
                    "cannot run " + builder.command() + ": " + e.getCause().getMessage(), e.getCause());
        }
    }

    /** Nobody interrupts the keeper; if somebody does, its end would kill the server, so it goes on waiting. */
    private static void waitUninterruptibly(final Process process) {
        boolean ended = false;
        while (!ended) {
            try {
                process.waitFor();
                ended = true;
            } catch (final InterruptedException keepWaiting) {
                ended = false;
            }
        }
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    int exitStatus() {
        return process.exitValue();
    }

    /** Waits at most that long for the end of the child; tells whether it has ended. */
    boolean awaitExit(final Duration limit) throws InterruptedException {
        return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The handle by which a {@link ServerStop} ends it. */
    ProcessHandle handle() {
        return process.toHandle();
    }

    /** The environment that servers run in: nothing of the user's settings, so that a start is the same everywhere. */
    static Map<String, String> plainEnvironment() {
        return Map.of("PATH", "/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL", "C", "TZ", "UTC");
    }

    /** Moves the log of the run before aside, so that the log of this one begins empty. */
    static void rotateLog(final Path log) throws IOException {
        if (Files.exists(log)) {
            Files.move(log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
