package io.millrace.storage.embedded;

import io.millrace.storage.StartupException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One running PostgreSQL server process on a {@link PostgresCluster}. */
final class Postmaster {
    private static final Logger LOGGER = LoggerFactory.getLogger(Postmaster.class);
    private static final int ATTEMPTS = 20;
    private static final Duration POLL = Duration.ofMillis(10);
    private static final Duration RETRY_PAUSE = Duration.ofMillis(250);
    private static final Duration REPORT_INTERVAL = Duration.ofSeconds(10);

    private final PostgresCluster cluster;
    private final ChildProcess process;
    private final int port;

    private Postmaster(final PostgresCluster cluster, final ChildProcess process, final int port) {
        this.cluster = cluster;
        this.process = process;
        this.port = port;
    }

    /**
     * Starts the server and waits until it takes connections, crash recovery included.
     *
     * <p>A port that is free when it is chosen may be taken when the server binds it, and the last processes of a crashed
     * server may hold its shared memory a moment longer: both end the new server at once, and it is started again.
     *
     * @param recoveryLimit how long recovery may take
     */
    static Postmaster start(final PostgresCluster cluster, final Duration recoveryLimit)
            throws IOException, InterruptedException {
        ChildProcess.rotateLog(cluster.log());
        int port = lastPort(cluster.portFile()).filter(Postmaster::isFree).orElseGet(Postmaster::freePort);
        for (int attempt = 1; ; attempt++) {
            final long logged = Files.exists(cluster.log()) ? Files.size(cluster.log()) : 0;
            final Postmaster server = launch(cluster, port);
            if (server.awaitReady(recoveryLimit)) {
                Trees.writePrivate(cluster.portFile(), port + "\n");
                return server;
            }
            final String failure = failure(cluster.log(), logged);
            final boolean portTaken = failure.contains("could not create any TCP/IP sockets");
            final boolean memoryHeld = failure.contains("pre-existing shared memory block");
            if (attempt == ATTEMPTS || !(portTaken || memoryHeld)) {
                throw new StartupException("the embedded PostgreSQL on " + cluster.data() + " ended with status "
                        + server.process.exitStatus() + ": " + failure + " (see " + cluster.log()
                        + "): mend that, or give a server by --postgres");
            }
            if (portTaken) {
                port = freePort();
            } else {
                LockSupport.parkNanos(RETRY_PAUSE.toNanos());
            }
        }
    }

    private static Postmaster launch(final PostgresCluster cluster, final int port) throws IOException {
        final List<String> command = new ArrayList<>(List.of(
                cluster.binaries().program("postgres"), "-D", cluster.data().toString()));
        command.addAll(PostgresSettings.arguments(port));
        // SIGINT asks for a fast shutdown.
        final ChildProcess process = ChildProcess.start(
                "postgres-keeper", cluster.runAs(), "INT", command, ChildProcess.plainEnvironment(), cluster.log());
        return new Postmaster(cluster, process, port);
    }

    /** Waits until the server is ready; false if it has ended instead. */
    private boolean awaitReady(final Duration limit) throws IOException, InterruptedException {
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
            if (elapsedNanos > limit.toNanos()) {
                stop();
                throw new StartupException("the embedded PostgreSQL on " + cluster.data() + " was not ready within "
                        + limit.toSeconds() + " s (see " + cluster.log()
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

    /** The reason that the server gave last, on one line. */
    private static String failure(final Path log, final long from) throws IOException {
        final byte[] all = Files.readAllBytes(log);
        final String text = new String(all, (int) from, all.length - (int) from, StandardCharsets.UTF_8);
        return text.lines()
                .filter(line -> line.contains("FATAL:") || line.contains("PANIC:"))
                .reduce((first, last) -> last)
                .orElse(text.strip().replace('\n', ' '));
    }

    private static Optional<Integer> lastPort(final Path file) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        final String text = Files.readString(file).trim();
        return text.matches("[0-9]{4,5}") ? Optional.of(Integer.valueOf(text)) : Optional.empty();
    }

    private static boolean isFree(final int port) {
        try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return probe.isBound();
        } catch (final IOException taken) {
            return false;
        }
    }

    private static int freePort() {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        } catch (final IOException e) {
            throw new UncheckedIOException("no free port on loopback", e);
        }
    }

    int port() {
        return port;
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Stops the server; tells whether it has ended. */
    boolean stop() throws InterruptedException {
        return PostgresCluster.stop(process.handle());
    }
}
