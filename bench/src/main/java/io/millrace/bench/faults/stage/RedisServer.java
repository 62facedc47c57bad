package io.millrace.bench.faults.stage;

import io.millrace.storage.embedded.process.ChildProcess;
import io.millrace.storage.embedded.process.HeldPort;
import io.millrace.storage.embedded.process.ServerCommand;
import io.millrace.storage.embedded.process.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A redis-server that stays dead when it is killed, until it is started again: at the same port, on the same files. */
public final class RedisServer implements AutoCloseable {
    private static final Duration END = Duration.ofSeconds(20);
    private static final int START_SECONDS = 60;

    private final Path folder;
    private final HeldPort port;
    private ChildProcess process;
    private List<String> prefix = List.of();

    private RedisServer(final Path folder, final HeldPort port) {
        this.folder = folder;
        this.port = port;
    }

    /** Starts one with its files in a new folder, as durable as the embedded one. */
    static RedisServer start(final Path folder, final List<String> settings) throws Exception {
        Files.createDirectories(folder);
        final RedisServer redis = new RedisServer(folder, HeldPort.take());
        final List<String> lines = new ArrayList<>(List.of(
                "bind 127.0.0.1",
                "port " + redis.port(),
                "dir " + folder,
                "appendonly yes",
                "appendfsync always",
                "save \"\"",
                "maxmemory-policy noeviction",
                "enable-debug-command yes",
                "set-proc-title no"));
        lines.addAll(settings);
        Files.write(redis.config(), lines);
        redis.start();
        return redis;
    }

    private Path config() {
        return folder.resolve("redis.conf");
    }

    /** From its next start on it goes by this clock. */
    public void clock(final FakeClock clock) {
        prefix = clock.prefix();
    }

    /** Starts it again, and waits until it has read its files. */
    public void start() throws Exception {
        launch();
        Await.until(
                "redis-server answers on port " + port(),
                START_SECONDS,
                () -> command("PING").equals("PONG"));
    }

    /** Starts it again and does not wait. */
    public void launch() throws IOException, InterruptedException {
        if (process != null && process.isAlive()) {
            return;
        }
        process = ChildProcess.start(
                new ServerCommand(
                        "redis-server",
                        List.of(),
                        Stream.concat(prefix.stream(), Stream.of("redis-server", config().toString()))
                                .toList(),
                        "KILL",
                        folder.resolve("log")),
                (pid, status) -> {});
    }

    /** SIGKILL; returns when it is dead. */
    public void kill() throws IOException, InterruptedException, StageException {
        Signals.send("KILL", process.pid());
        if (!process.awaitExit(END)) {
            throw new StageException("redis-server outlived SIGKILL");
        }
    }

    /** SIGSTOP: its socket accepts, and nothing answers. */
    public void pause() throws IOException, InterruptedException {
        Signals.send("STOP", process.pid());
    }

    /** SIGCONT. */
    public void resume() throws IOException, InterruptedException {
        Signals.send("CONT", process.pid());
    }

    /** Sends a command as a person would, by redis-cli; returns what it prints. */
    public String command(final String... arguments) throws IOException, InterruptedException {
        final List<String> line = new ArrayList<>(List.of("redis-cli", "-p", Integer.toString(port())));
        line.addAll(List.of(arguments));
        return Tools.run(line).output().strip();
    }

    /** The names of all streams of events. */
    public List<String> streams() throws IOException, InterruptedException {
        return command("SMEMBERS", "millrace:streams")
                .lines()
                .filter(name -> !name.isBlank())
                .toList();
    }

    /** Puts a setting into its file, for its next start. */
    public void configure(final String line) throws IOException {
        final List<String> lines = new ArrayList<>(Files.readAllLines(config()));
        lines.removeIf(old -> old.split(" ", -1)[0].equals(line.split(" ", -1)[0]));
        lines.add(line);
        Files.write(config(), lines);
    }

    /** Where its files are. */
    public Path folder() {
        return folder;
    }

    int port() {
        return port.number();
    }

    /** Its process id. */
    public long pid() {
        return process.pid();
    }

    @Override
    public void close() throws IOException {
        try (port) {
            if (process.isAlive()) {
                Signals.end(process);
            }
        }
    }
}
