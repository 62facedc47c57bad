package io.millrace.storage.embedded.process;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * A server that runs as a child of this process and ends with it. Thread-safe.
 *
 * <ol>
 *   <li>The child has a session of its own ({@code setsid}), so that Ctrl-C in a terminal reaches this process only, which
 *       then drains before it stops the child.
 *   <li>The kernel sends the child a signal when this process dies, {@code kill -9} included
 *       ({@code setpriv --pdeathsig}, prctl(2) PR_SET_PDEATHSIG). The kernel binds that to the <em>thread</em> that forked;
 *       so a thread is kept for each child, which forks it and then waits for its end. The setting is lost by a change of
 *       credentials; so it comes after that, last before the server itself.
 *   <li>Where these tools are missing the child lacks that protection, and the next start ends the orphan, see
 *       {@link Orphans}.
 * </ol>
 *
 * <p>All programs in between replace themselves ({@code exec}), so {@link #pid()} is the server's own.
 */
public final class ChildProcess {
    /** Told of the end of a child, on the thread that was kept for it. */
    @FunctionalInterface
    public interface ExitListener {
        /** The child has ended, however it has; called once. */
        void onExit(long pid, int status);
    }

    private final Process process;

    private ChildProcess(final Process process) {
        this.process = process;
    }

    /**
     * Starts a server.
     *
     * @throws IOException if it cannot be run
     */
    public static ChildProcess start(final ServerCommand command, final ExitListener onExit)
            throws IOException, InterruptedException {
        final ProcessBuilder builder = new ProcessBuilder(commandLine(command))
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(ProcessBuilder.Redirect.appendTo(command.log().toFile()));
        Tools.usePlainEnvironment(builder);
        final CompletableFuture<Process> forked = new CompletableFuture<>();
        final Thread keeper = new Thread(() -> keep(builder, forked, onExit), command.name() + "-keeper");
        keeper.setDaemon(true);
        keeper.start();
        try {
            // Not get(): an interrupt would lose sight of a child that is just being forked.
            return new ChildProcess(forked.join());
        } catch (final CompletionException e) {
            throw new IOException(
                    "cannot run " + builder.command() + ": " + e.getCause().getMessage(), e.getCause());
        }
    }

    private static void keep(
            final ProcessBuilder builder, final CompletableFuture<Process> forked, final ExitListener onExit) {
        final Process process;
        try {
            process = builder.start();
        } catch (final IOException | RuntimeException e) {
            forked.completeExceptionally(e);
            return;
        }
        forked.complete(process);
        // Not waitFor(): an interrupt would end this thread, and with it the child.
        onExit.onExit(process.pid(), process.onExit().join().exitValue());
    }

    private static List<String> commandLine(final ServerCommand command) throws IOException, InterruptedException {
        final List<String> line = new ArrayList<>();
        Tools.find("setsid").ifPresent(setsid -> line.add(setsid.toString()));
        line.addAll(command.prefix());
        final Optional<Path> setpriv = Tools.find("setpriv");
        if (setpriv.isPresent()) {
            final List<String> guard = List.of(setpriv.get().toString(), "--pdeathsig", command.deathSignal(), "--");
            if (isUsable(guard)) {
                line.addAll(guard);
            }
        }
        line.addAll(command.line());
        return line;
    }

    /** Not every setpriv knows the option: BusyBox has none. */
    private static boolean isUsable(final List<String> guard) throws IOException, InterruptedException {
        final List<String> line = new ArrayList<>(guard);
        line.add("true");
        return Tools.run(line).succeeded();
    }

    /** The process id of the server. */
    public long pid() {
        return process.pid();
    }

    /** Whether it has not ended yet. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /**
     * The status it ended with; 128 + n after signal n.
     *
     * @throws IllegalThreadStateException if it has not ended
     */
    public int exitStatus() {
        return process.exitValue();
    }

    /** Waits at most that long for its end; tells whether it has ended. */
    public boolean awaitExit(final Duration limit) throws InterruptedException {
        return process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    /**
     * Ends it and waits for that; tells whether it has ended. When it has already, nothing happens.
     *
     * @throws InterruptedException if the thread is interrupted meanwhile; the child is killed then
     */
    public boolean stop(final StopSequence sequence) throws IOException, InterruptedException {
        boolean orderly = false;
        try {
            final boolean ended = sequence.end(process.pid(), this::awaitExit);
            orderly = true;
            return ended;
        } finally {
            if (!orderly) {
                process.destroyForcibly();
            }
        }
    }
}
