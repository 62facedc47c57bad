package io.millrace.storage.embedded;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * A redis-server that runs as a child of this process. Thread-safe.
 *
 * <ol>
 *   <li>{@code setsid}: it has a session of its own, so that Ctrl-C in a terminal reaches this process only, which drains
 *       into Redis before it stops it.
 *   <li>{@code setpriv --pdeathsig}: the kernel sends it SIGTERM when this process dies, {@code kill -9} included, see
 *       prctl(2), PR_SET_PDEATHSIG. The kernel takes the <em>thread</em> that forked for the parent; so each child has a
 *       thread that forks it and then waits for its end.
 *   <li>Both programs replace themselves by the next one, so {@link #pid()} is that of redis-server.
 * </ol>
 */
final class RedisProcess {
    /** Told of the end of a child, on the thread that was kept for it. */
    @FunctionalInterface
    interface ExitListener {
        void onExit(long pid, int status);
    }

    private final Process process;

    private RedisProcess(final Process process) {
        this.process = process;
    }

    /**
     * Starts redis-server.
     *
     * @param onExit called once when it has ended, however it has
     */
    static RedisProcess start(final Path binary, final Path configFile, final Path logFile, final ExitListener onExit)
            throws IOException, InterruptedException {
        final ProcessBuilder builder = new ProcessBuilder(commandLine(binary, configFile))
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile.toFile()));
        final CompletableFuture<Process> forked = new CompletableFuture<>();
        final Thread keeper = new Thread(() -> keep(builder, forked, onExit), "redis-child");
        keeper.setDaemon(true);
        keeper.start();
        try {
            return new RedisProcess(forked.get());
        } catch (final ExecutionException e) {
            throw new IOException("cannot run " + builder.command(), e.getCause());
        }
    }

    private static void keep(
            final ProcessBuilder builder, final CompletableFuture<Process> forked, final ExitListener onExit) {
        final Process process;
        try {
            process = builder.start();
        } catch (final IOException e) {
            forked.completeExceptionally(e);
            return;
        }
        forked.complete(process);
        // Not waitFor(): an interrupt would end this thread, and with it the child.
        onExit.onExit(process.pid(), process.onExit().join().exitValue());
    }

    private static List<String> commandLine(final Path binary, final Path configFile)
            throws IOException, InterruptedException {
        final List<Path> folders = RedisBinary.searchPath();
        final List<String> line = new ArrayList<>();
        RedisBinary.find("setsid", folders).ifPresent(setsid -> line.add(setsid.toString()));
        final Optional<Path> setpriv = RedisBinary.find("setpriv", folders);
        if (setpriv.isPresent()) {
            final List<String> prefix = List.of(setpriv.get().toString(), "--pdeathsig", "TERM", "--");
            if (isUsable(prefix)) {
                line.addAll(prefix);
            }
        }
        line.add(binary.toString());
        line.add(configFile.toString());
        return line;
    }

    /** Not every setpriv knows the option: BusyBox has none. */
    private static boolean isUsable(final List<String> prefix) throws IOException, InterruptedException {
        final List<String> line = new ArrayList<>(prefix);
        line.add("true");
        return new ProcessBuilder(line)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
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

    /** Waits at most that long for its end; tells whether it has ended. */
    boolean awaitExit(final Duration limit) throws InterruptedException {
        return process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Asks it to end (SIGTERM), kills it when it has not after that time, and waits for its end. */
    void stop(final Duration grace) throws InterruptedException {
        process.destroy();
        try {
            awaitExit(grace);
        } finally {
            process.destroyForcibly();
        }
        process.waitFor();
    }
}
