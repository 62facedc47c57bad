package io.millrace.storage.testing;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.sync.RedisCommands;
import io.millrace.storage.embedded.process.ChildProcess;
import io.millrace.storage.embedded.process.HeldPort;
import io.millrace.storage.embedded.process.ServerCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** One redis-server on a free loopback port, that stays dead when it is killed until it is told to start again. */
public final class RedisProcess implements AutoCloseable {
    /** Of the default user, on every server of a test. */
    public static final String PASSWORD = "test/password";

    private static final int BUS_OFFSET = 10_000;
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final Duration COMMAND_LIMIT = Duration.ofSeconds(10);

    private final Path folder;
    private final Ports ports;
    private final List<String> arguments;
    private ChildProcess process;
    private RedisClient client;
    private RedisCommands<String, String> connected;

    private RedisProcess(final Path folder, final Ports ports, final List<String> arguments) {
        this.folder = folder;
        this.ports = ports;
        this.arguments = arguments;
    }

    /**
     * Starts a server that writes everything to disk before it answers.
     *
     * @param parent where it gets a folder of its own
     * @param settings more lines of its configuration
     */
    public static RedisProcess start(final Path parent, final String... settings) throws Exception {
        final List<String> lines = new ArrayList<>(List.of(
                "appendonly yes",
                "appendfsync always",
                "save \"\"",
                "maxmemory-policy noeviction",
                "masterauth " + PASSWORD,
                "repl-diskless-sync-delay 0"));
        lines.addAll(List.of(settings));
        return start(parent, lines, List.of());
    }

    /** Starts a Sentinel. */
    static RedisProcess startSentinel(final Path parent, final String... settings) throws Exception {
        return start(parent, List.of(settings), List.of("--sentinel"));
    }

    private static RedisProcess start(final Path parent, final List<String> settings, final List<String> arguments)
            throws Exception {
        final Ports ports = Ports.reserve();
        final int port = ports.client().number();
        final Path folder = Files.createDirectory(parent.resolve(Integer.toString(port)));
        final List<String> lines = new ArrayList<>(List.of(
                "bind 127.0.0.1", "port " + port, "dir " + folder, "requirepass " + PASSWORD, "set-proc-title no"));
        lines.addAll(settings);
        Files.write(folder.resolve("redis.conf"), lines);
        final RedisProcess redis = new RedisProcess(folder, ports, arguments);
        redis.launch();
        return redis;
    }

    private void launch() throws Exception {
        final List<String> line = new ArrayList<>(
                List.of("redis-server", folder.resolve("redis.conf").toString()));
        line.addAll(arguments);
        process = ChildProcess.start(
                new ServerCommand("redis-server", List.of(), line, "KILL", folder.resolve("log")), (pid, status) -> {});
        Await.success("redis-server answers on port " + port(), () -> commands().info());
    }

    /** Where it listens, on loopback. */
    public String address() {
        return "127.0.0.1:" + port();
    }

    public int port() {
        return ports.client().number();
    }

    /** Any command, as a person with redis-cli would give it. Reconnects by itself. */
    public RedisCommands<String, String> commands() {
        if (client == null) {
            client = RedisClient.create(RedisURI.builder()
                    .withHost("127.0.0.1")
                    .withPort(port())
                    .withPassword((CharSequence) PASSWORD)
                    .withTimeout(COMMAND_LIMIT)
                    .build());
            client.setOptions(ClientOptions.builder()
                    .timeoutOptions(TimeoutOptions.enabled(COMMAND_LIMIT))
                    .build());
        }
        if (connected == null) {
            connected = client.connect().sync();
        }
        return connected;
    }

    /** A value of {@code INFO}; empty if there is none, or no answer: a change of roles ends all connections. */
    public String info(final String name) {
        try {
            return commands()
                    .info()
                    .lines()
                    .filter(line -> line.startsWith(name + ':'))
                    .map(line -> line.substring(name.length() + 1).strip())
                    .findFirst()
                    .orElse("");
        } catch (final RedisException e) {
            return "";
        }
    }

    /** Kills it and waits for its end. */
    public void kill() {
        ProcessHandle.of(process.pid()).ifPresent(handle -> {
            handle.destroyForcibly();
            handle.onExit().orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS).join();
        });
    }

    /** Starts it again after {@link #kill()}, with what it has on its disk. */
    public void restart() throws Exception {
        launch();
    }

    /** Stalls it: its socket accepts, and nothing answers. */
    public void pause() throws Exception {
        Signals.send("STOP", process.pid());
    }

    /** Ends the stall. */
    public void resume() throws Exception {
        Signals.send("CONT", process.pid());
    }

    /** Cuts it off from its master, and keeps it so until {@link #follow()}: it stays at what it has. */
    public void lag() throws Exception {
        commands().configSet("masterauth", "wrong");
        commands().clientKill(KillArgs.Builder.typeMaster());
        Await.until(
                "the link to the master is down",
                () -> info("master_link_status").equals("down"));
    }

    /** Lets it follow its master again. */
    public void follow() {
        commands().configSet("masterauth", PASSWORD);
    }

    @Override
    public void close() throws IOException {
        if (client != null) {
            client.shutdown(Duration.ZERO, LIMIT);
        }
        kill();
        ports.close();
    }

    /**
     * The ports of a server, which are its own while it is dead, too.
     *
     * @param bus of a cluster, whose number is given by the other's
     */
    private record Ports(HeldPort client, HeldPort bus) {
        static Ports reserve() throws IOException {
            for (int i = 0; i < 1_000; i++) {
                final HeldPort client = HeldPort.take();
                final Optional<HeldPort> bus = HeldPort.takeIfFree(client.number() + BUS_OFFSET);
                if (bus.isPresent()) {
                    return new Ports(client, bus.get());
                }
                client.close();
            }
            throw new IOException("no port of which the one " + BUS_OFFSET + " above is free too");
        }

        void close() throws IOException {
            client.close();
            bus.close();
        }
    }
}
