package io.millrace.storage.embedded.redis;

import io.millrace.storage.StartupException;
import io.millrace.storage.embedded.folder.DurableFiles;
import io.millrace.storage.embedded.folder.StoreFolder;
import io.millrace.storage.embedded.process.ChildProcess;
import io.millrace.storage.embedded.process.LoopbackPort;
import io.millrace.storage.embedded.process.Orphans;
import io.millrace.storage.embedded.process.ServerCommand;
import io.millrace.storage.embedded.process.ServerLog;
import io.millrace.storage.embedded.process.StopSequence;
import io.millrace.storage.embedded.process.Supervisor;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A redis-server that runs as a child of this process, with its data in a folder. Thread-safe.
 *
 * <ol>
 *   <li>Listens on loopback only, behind a password made anew at each start; {@link #uri()} has both.
 *   <li>What it confirmed is on disk ({@code appendonly yes}, {@code appendfsync always}) and there again at the next start.
 *   <li>Ends with this process, also when that is killed; an orphan left all the same is ended by the next start.
 *   <li>When it dies alone it is started again, at the same address.
 *   <li>{@code redis-cli -u "$(cat <data-dir>/redis/uri)"} looks into it.
 * </ol>
 */
public final class EmbeddedRedis implements AutoCloseable {
    private static final String NAME = "redis-server";
    private static final int MAX_PORTS_TRIED = 10;
    private static final Duration START_LIMIT = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(10);
    private static final StopSequence STOP_SEQUENCE = StopSequence.of(
            new StopSequence.Step("TERM", Duration.ofSeconds(10)),
            new StopSequence.Step("KILL", Duration.ofSeconds(10)));

    private final Path binary;
    private final StoreFolder folder;
    private final ServerLog log;
    private final Supervisor supervisor = new Supervisor(NAME, STOP_SEQUENCE);
    private RedisConfig config;

    private EmbeddedRedis(final Path binary, final StoreFolder folder) {
        this.binary = binary;
        this.folder = folder;
        log = new ServerLog(folder.resolve("redis.log"));
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
        final EmbeddedRedis redis = new EmbeddedRedis(binary, StoreFolder.take(dataDir.resolve("redis")));
        boolean started = false;
        try {
            orphans(redis.configFile()).end(STOP_SEQUENCE);
            redis.log.rotate();
            redis.startOnFreePort();
            redis.folder.writeUri(redis.uri());
            started = true;
            return redis;
        } finally {
            if (!started) {
                redis.close();
            }
        }
    }

    /** Each redis-server whose command line names that configuration file. */
    static Orphans orphans(final Path configFile) {
        return new Orphans(
                NAME,
                configFile.getParent(),
                line -> line.size() > 1
                        && line.get(0).endsWith(NAME)
                        && line.get(1).equals(configFile.toString()));
    }

    private Path configFile() {
        return folder.resolve("redis.conf");
    }

    private synchronized void startOnFreePort() throws IOException, InterruptedException {
        for (int i = 0; i < MAX_PORTS_TRIED; i++) {
            config = RedisConfig.generate(LoopbackPort.find());
            DurableFiles.writePrivate(configFile(), config.text(folder.path()));
            if (supervisor.start(this::launch, this::awaitReady)) {
                return;
            }
            if (LoopbackPort.isFree(config.port())) {
                break;
            }
        }
        throw new StartupException("redis-server did not start (status " + supervisor.exitStatus() + ", '"
                + log.linesSince(0).stream().reduce("", (before, line) -> line) + "'): see " + log.file());
    }

    private ChildProcess launch(final ChildProcess.ExitListener onExit) throws IOException, InterruptedException {
        final List<String> line = List.of(binary.toString(), configFile().toString());
        return ChildProcess.start(new ServerCommand(NAME, List.of(), line, "TERM", log.file()), onExit);
    }

    /** Waits for the child; tells whether it is ready, and not dead. */
    private boolean awaitReady(final ChildProcess child) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + START_LIMIT.toNanos();
        while (!child.awaitExit(POLL)) {
            final RedisProbe.State state = RedisProbe.probe(config, child.pid());
            if (state == RedisProbe.State.READY) {
                return true;
            }
            if (state == RedisProbe.State.LOADING) {
                deadlineNanos = System.nanoTime() + START_LIMIT.toNanos();
            } else if (System.nanoTime() - deadlineNanos >= 0) {
                throw new StartupException("redis-server (pid " + child.pid() + ") did not answer within "
                        + START_LIMIT.toSeconds() + " s: see " + log.file());
            }
        }
        return false;
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
    public long pid() {
        return supervisor.pid();
    }

    /** Stops the child, by SIGTERM and after 10 s by SIGKILL, and waits for its end. A second call does nothing. */
    @Override
    public void close() throws IOException {
        try (folder) {
            supervisor.close();
        }
    }
}
