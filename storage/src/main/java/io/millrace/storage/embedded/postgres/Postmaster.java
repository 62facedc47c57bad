package io.millrace.storage.embedded.postgres;

import io.millrace.storage.StartupException;
import io.millrace.storage.embedded.folder.DurableFiles;
import io.millrace.storage.embedded.process.Autogroups;
import io.millrace.storage.embedded.process.ChildProcess;
import io.millrace.storage.embedded.process.LoopbackPort;
import io.millrace.storage.embedded.process.Supervisor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running PostgreSQL server of a {@link PostgresCluster}, over its restarts. Thread-safe. */
final class Postmaster implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Postmaster.class);
    private static final int ATTEMPTS = 20;
    private static final Duration POLL = Duration.ofMillis(10);
    private static final Duration RETRY_PAUSE = Duration.ofMillis(250);
    private static final Duration REPORT_INTERVAL = Duration.ofSeconds(10);

    private final PostgresCluster cluster;
    private final Duration recoveryLimit;
    private final Supervisor supervisor = new Supervisor(PostgresCluster.NAME, PostgresCluster.STOP_SEQUENCE);
    private Autogroups autogroups;
    private volatile int port;

    private Postmaster(final PostgresCluster cluster, final Duration recoveryLimit) {
        this.cluster = cluster;
        this.recoveryLimit = recoveryLimit;
    }

    /**
     * Starts the server and waits until it takes connections, crash recovery included.
     *
     * @param recoveryLimit how long recovery may take
     */
    static Postmaster start(final PostgresCluster cluster, final Duration recoveryLimit)
            throws IOException, InterruptedException {
        final Postmaster postmaster = new Postmaster(cluster, recoveryLimit);
        boolean started = false;
        try {
            postmaster.start();
            // Each of its processes begins a session of its own.
            postmaster.autogroups = Autogroups.watch(PostgresCluster.NAME, postmaster::pid, PostgresCluster.NICENESS);
            started = true;
            return postmaster;
        } finally {
            if (!started) {
                postmaster.close();
            }
        }
    }

    /**
     * A port that is free when it is chosen may be taken when the server binds it, and the last processes of a crashed server
     * may hold its shared memory a moment longer: both end the new server at once, and it is started again.
     */
    private void start() throws IOException, InterruptedException {
        cluster.log().rotate();
        final Optional<Integer> lastPort = lastPort(cluster.portFile()).filter(LoopbackPort::isFree);
        port = lastPort.isPresent() ? lastPort.get() : LoopbackPort.find();
        for (int attempt = 1; ; attempt++) {
            final long loggedBytes = cluster.log().sizeBytes();
            if (supervisor.start(this::launch, this::awaitReady)) {
                DurableFiles.writePrivate(cluster.portFile(), port + "\n");
                return;
            }
            final String failure = failure(cluster.log().linesSince(loggedBytes));
            final boolean portTaken = failure.contains("could not create any TCP/IP sockets");
            final boolean memoryHeld = failure.contains("pre-existing shared memory block");
            if (attempt == ATTEMPTS || !(portTaken || memoryHeld)) {
                throw new StartupException("the embedded PostgreSQL on " + cluster.data() + " ended with status "
                        + supervisor.exitStatus() + ": " + failure + " (see "
                        + cluster.log().file() + "): mend that, or give a server by --postgres");
            }
            if (portTaken) {
                port = LoopbackPort.find();
            } else {
                LockSupport.parkNanos(RETRY_PAUSE.toNanos());
            }
        }
    }

    /** The first time and each time after a death, which leaves the server's pid file behind. */
    private ChildProcess launch(final ChildProcess.ExitListener onExit) throws IOException, InterruptedException {
        cluster.stopOrphans();
        return ChildProcess.start(cluster.command(port), onExit);
    }

    /** Waits until the server is ready; false if it has ended instead. */
    private boolean awaitReady(final ChildProcess process) throws IOException, InterruptedException {
        final long startNanos = System.nanoTime();
        long nextReportNanos = REPORT_INTERVAL.toNanos();
        while (!process.awaitExit(POLL)) {
            final Optional<PostmasterFile> file = PostmasterFile.read(cluster.data());
            if (file.isPresent()
                    && file.get().pid() == process.pid()
                    && file.get().isReady()) {
                return true;
            }
            final long elapsedNanos = System.nanoTime() - startNanos;
            if (elapsedNanos > recoveryLimit.toNanos()) {
                throw new StartupException("the embedded PostgreSQL on " + cluster.data() + " was not ready within "
                        + recoveryLimit.toSeconds() + " s (see " + cluster.log().file()
                        + "): start again to let its recovery go on");
            }
            if (elapsedNanos > nextReportNanos) {
                LOGGER.info(
                        "PostgreSQL is still starting after {} s",
                        Duration.ofNanos(elapsedNanos).toSeconds());
                nextReportNanos += REPORT_INTERVAL.toNanos();
            }
        }
        return false;
    }

    /** The reason that the server gave last, or all that it said, on one line. */
    private static String failure(final List<String> lines) {
        return lines.stream()
                .filter(line -> line.contains("FATAL:") || line.contains("PANIC:"))
                .reduce((first, last) -> last)
                .orElseGet(() -> String.join(" ", lines));
    }

    private static Optional<Integer> lastPort(final Path file) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        final String text = Files.readString(file).trim();
        return text.matches("[0-9]{4,5}") ? Optional.of(Integer.valueOf(text)) : Optional.empty();
    }

    int port() {
        return port;
    }

    long pid() {
        return supervisor.pid();
    }

    boolean isAlive() {
        return supervisor.isAlive();
    }

    /** Stops the server for good; see {@link Supervisor#close()}. */
    @Override
    public void close() throws IOException {
        if (autogroups != null) {
            autogroups.close();
        }
        supervisor.close();
    }
}
