package io.millrace.storage.embedded.process;

import io.millrace.storage.StartupException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a server running as a child: starts it, starts it again when it died alone, stops it. Thread-safe.
 *
 * <ol>
 *   <li>A death before the server was ready once is an error of the start, and the caller's; every later one is repaired.
 *   <li>It is started again with the same command, hence at the same address, after a {@link RestartDelay}, without end.
 *   <li>Once closing has begun nothing is started any more.
 * </ol>
 */
public final class Supervisor implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Supervisor.class);

    /** Forks the child. */
    @FunctionalInterface
    public interface Launcher {
        /** Starts it and returns at once. */
        ChildProcess launch(ChildProcess.ExitListener onExit) throws IOException, InterruptedException;
    }

    /** Waits for a child that was just started. */
    @FunctionalInterface
    public interface Readiness {
        /** Tells whether it is ready; false if it has ended. */
        boolean await(ChildProcess child) throws IOException, InterruptedException;
    }

    private final String name;
    private final StopSequence stopSequence;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final RestartDelay restartDelay = new RestartDelay();
    private Launcher launcher;
    private ChildProcess child;
    private boolean wasReady;
    private long launchedNanos;

    /** Makes one without a child yet. */
    public Supervisor(final String name, final StopSequence stopSequence) {
        this.name = name;
        this.stopSequence = stopSequence;
    }

    /**
     * Starts the server and waits until it is ready. May be called again, with another address, after it has failed.
     *
     * @return false if it has ended before it was ready
     */
    public synchronized boolean start(final Launcher command, final Readiness readiness)
            throws IOException, InterruptedException {
        launcher = command;
        launch();
        wasReady = readiness.await(child);
        return wasReady;
    }

    private void launch() throws IOException, InterruptedException {
        launchedNanos = System.nanoTime();
        child = launcher.launch(this::onExit);
    }

    /** Starts the next child after a death that nobody asked for. Runs on the thread kept for the dead one. */
    private void onExit(final long pid, final int status) {
        if (!mustRestart(pid)) {
            return;
        }
        LOGGER.error("{} {} ended with status {}: starting it again", name, pid, status);
        try {
            while (!closing.await(nextDelay().toMillis(), TimeUnit.MILLISECONDS) && !restart()) {
                LOGGER.error("{} is still down", name);
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            LOGGER.error("{} stays down: the thread that would start it was interrupted", name);
        }
    }

    /** Not for one that failed to start and that the next attempt has replaced, perhaps. */
    private synchronized boolean mustRestart(final long pid) {
        return wasReady && pid == child.pid() && closing.getCount() > 0;
    }

    private synchronized Duration nextDelay() {
        return restartDelay.afterLifeOf(Duration.ofNanos(System.nanoTime() - launchedNanos));
    }

    private synchronized boolean restart() throws InterruptedException {
        try {
            if (closing.getCount() > 0) {
                launch();
                LOGGER.info("{} runs again, as process {}", name, child.pid());
            }
            return true;
        } catch (final IOException | StartupException e) {
            LOGGER.error("{} cannot be started", name, e);
            return false;
        }
    }

    /** The process id of the child; another one after it was started again. */
    public synchronized long pid() {
        return child.pid();
    }

    /** Whether the child runs; false between its death and its next start. */
    public synchronized boolean isAlive() {
        return child.isAlive();
    }

    /** The status that the child has ended with. */
    public synchronized int exitStatus() {
        return child.exitStatus();
    }

    /**
     * Stops the child for good and waits for its end. A second call does nothing. When the thread is interrupted meanwhile
     * the child is killed.
     *
     * @throws StartupException if it does not end
     */
    @Override
    public void close() throws IOException {
        closing.countDown();
        stop();
    }

    private synchronized void stop() throws IOException {
        // An interrupt that came before is no reason to kill.
        boolean interrupted = Thread.interrupted();
        try {
            if (child != null && !child.stop(stopSequence)) {
                throw new StartupException(name + " (pid " + child.pid() + ") does not end: run 'kill -9 " + child.pid()
                        + "' as its user");
            }
        } catch (final InterruptedException e) {
            interrupted = true;
            LOGGER.warn("interrupted while {} {} was stopping: killed it", name, child.pid());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
