package io.millrace.storage.embedded;

import io.millrace.storage.StartupException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A redis-server that runs as a child of this process, with its data in a folder. Thread-safe.
 *
 * <ol>
 *   <li>Listens on loopback only, behind a password made anew at each start; {@link #uri()} has both.
 *   <li>What it confirmed is on disk ({@code appendonly yes}, {@code appendfsync always}) and there again at the next start.
 *   <li>Ends with this process, also when that is killed; an orphan left all the same is ended by the next start.
 *   <li>When it dies alone it is started again, at the same address.
 * </ol>
 */
public final class EmbeddedRedis implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(EmbeddedRedis.class);

    private static final int MAX_PORTS_TRIED = 10;
    private static final Duration START_LIMIT = Duration.ofSeconds(30);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(10);
    private static final long MIN_RESTART_DELAY_MILLIS = 100;
    private static final long MAX_RESTART_DELAY_MILLIS = 10_000;

    private final Path binary;
    private final RedisFolder folder;
    private final CountDownLatch closing = new CountDownLatch(1);
    private RedisConfig config;
    private RedisProcess process;
    /** Set once the first start has succeeded: from then on a death is repaired, before it is an error of the start. */
    private boolean isSupervised;

    private long forkedNanos;
    private long restartDelayMillis = MIN_RESTART_DELAY_MILLIS;

    private EmbeddedRedis(final Path binary, final RedisFolder folder) {
        this.binary = binary;
        this.folder = folder;
    }

    /**
     * Starts a redis-server with its files under {@code <dataDir>/redis}, and waits until it has loaded its data, however long
     * that takes.
     *
     * @throws StartupException if redis-server is missing, too old, does not start, or another process uses the folder
     * @throws IOException if the folder cannot be used
     */
    public static EmbeddedRedis start(final Path dataDir) throws IOException, InterruptedException {
        final Path binary = RedisBinary.locate();
        final RedisFolder folder = RedisFolder.take(dataDir.resolve("redis"));
        final EmbeddedRedis redis = new EmbeddedRedis(binary, folder);
        boolean started = false;
        try {
            RedisOrphans.end(folder.configFile(), STOP_LIMIT);
            folder.rotateLog();
            redis.startOnFreePort();
            started = true;
            return redis;
        } finally {
            if (!started) {
                redis.close();
            }
        }
    }

    /** Between finding a free port and binding it somebody else may take it; then another one is tried. */
    private synchronized void startOnFreePort() throws IOException, InterruptedException {
        for (int i = 0; i < MAX_PORTS_TRIED; i++) {
            config = RedisConfig.generate(findFreePort());
            folder.writeConfig(config.lines(folder.path()));
            fork();
            if (awaitReady()) {
                isSupervised = true;
                return;
            }
            if (isFree(config.port())) {
                break;
            }
        }
        throw new StartupException("redis-server did not start (status " + process.exitStatus() + ", '"
                + folder.lastLogLine() + "'): see " + folder.logFile());
    }

    private void fork() throws IOException, InterruptedException {
        forkedNanos = System.nanoTime();
        process = RedisProcess.start(binary, folder.configFile(), folder.logFile(), this::onExit);
    }

    /** Waits for the child; tells whether it is ready, and not dead. */
    private boolean awaitReady() throws InterruptedException {
        long deadlineNanos = System.nanoTime() + START_LIMIT.toNanos();
        while (!process.awaitExit(POLL)) {
            final RedisProbe.State state = RedisProbe.probe(config, process.pid());
            if (state == RedisProbe.State.READY) {
                return true;
            }
            if (state == RedisProbe.State.LOADING) {
                deadlineNanos = System.nanoTime() + START_LIMIT.toNanos();
            } else if (System.nanoTime() - deadlineNanos >= 0) {
                throw new StartupException("redis-server (pid " + process.pid() + ") did not answer within "
                        + START_LIMIT.toSeconds() + " s: see " + folder.logFile());
            }
        }
        return false;
    }

    private static int findFreePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static boolean isFree(final int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (final IOException taken) {
            return false;
        }
    }

    /** Starts the child again after a death that nobody asked for. Runs on the thread kept for the dead one. */
    private void onExit(final long pid, final int status) {
        if (!mustRestart(pid)) {
            return;
        }
        LOGGER.error("redis-server {} ended with status {}: starting it again; see {}", pid, status, folder.logFile());
        try {
            while (!closing.await(nextRestartDelayMillis(), TimeUnit.MILLISECONDS) && !restart()) {
                LOGGER.error("redis-server is still down");
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            LOGGER.error("redis-server stays down: the thread that would start it was interrupted");
        }
    }

    /** Not for one that failed to start, nor for one whose port was taken and that another has replaced. */
    private synchronized boolean mustRestart(final long pid) {
        return isSupervised && pid == process.pid() && closing.getCount() > 0;
    }

    /** Doubles with each death, and begins anew after a life of some length. */
    private synchronized long nextRestartDelayMillis() {
        final long nowNanos = System.nanoTime();
        if (nowNanos - forkedNanos > TimeUnit.MILLISECONDS.toNanos(2 * MAX_RESTART_DELAY_MILLIS)) {
            restartDelayMillis = MIN_RESTART_DELAY_MILLIS;
        }
        final long delayMillis = restartDelayMillis;
        restartDelayMillis = Math.min(2 * restartDelayMillis, MAX_RESTART_DELAY_MILLIS);
        return delayMillis;
    }

    private synchronized boolean restart() throws InterruptedException {
        try {
            if (closing.getCount() > 0) {
                fork();
            }
            return true;
        } catch (final IOException e) {
            LOGGER.error("redis-server cannot be started", e);
            return false;
        }
    }

    /** The address with its password: not for logs. */
    public synchronized String uri() {
        return config.uri();
    }

    /** On loopback. */
    public synchronized int port() {
        return config.port();
    }

    /** The process id of the child; another one after it was started again. */
    public synchronized long pid() {
        return process.pid();
    }

    /** Stops the child, by SIGTERM and after 10 s by SIGKILL, and waits for its end. */
    @Override
    public void close() throws IOException {
        closing.countDown();
        synchronized (this) {
            try {
                if (process != null) {
                    process.stop(STOP_LIMIT);
                }
            } catch (final InterruptedException e) {
                Thread.currentThread().interrupt();
                LOGGER.warn("interrupted while redis-server {} was stopping", process.pid());
            } finally {
                folder.close();
            }
        }
    }
}
