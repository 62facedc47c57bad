package io.millrace.storage.testing;

import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.sync.RedisCommands;
import io.millrace.storage.embedded.redis.EmbeddedRedis;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A redis-server for one test class, in a folder of its own:
 *
 * <pre>{@code
 * @RegisterExtension
 * static final RedisExtension REDIS = new RedisExtension();
 * }</pre>
 */
public final class RedisExtension implements BeforeAllCallback, AfterAllCallback {
    private static final int LOAD_DELAY_MICROS = 50;

    private Path dataDir;
    private EmbeddedRedis redis;
    private RedisClient client;
    private RedisCommands<String, String> commands;

    @Override
    public void beforeAll(final ExtensionContext context) throws Exception {
        dataDir = Files.createTempDirectory("millrace-redis");
        redis = EmbeddedRedis.start(dataDir);
        client = RedisClient.create(redis.uri());
        commands = client.connect().sync();
    }

    @Override
    public void afterAll(final ExtensionContext context) throws Exception {
        if (client != null) {
            client.shutdown();
        }
        if (redis != null) {
            redis.close();
        }
        TempFolders.delete(dataDir);
    }

    /** The address with its password. */
    public String uri() {
        return redis.uri();
    }

    public int port() {
        return redis.port();
    }

    /** Any command, as a person with redis-cli would give it. Reconnects by itself. */
    public RedisCommands<String, String> commands() {
        return commands;
    }

    /** Kills the server and waits for its end. It comes back by itself, with its data. */
    public void kill() throws Exception {
        final ProcessHandle process = ProcessHandle.of(redis.pid()).orElseThrow();
        Signals.send("KILL", process.pid());
        Await.until("redis-server has ended", () -> !process.isAlive());
    }

    /** Stalls the server: its socket accepts, and nothing answers. */
    public void pause() throws Exception {
        Signals.send("STOP", redis.pid());
    }

    /** Ends the stall. */
    public void resume() throws Exception {
        Signals.send("CONT", redis.pid());
    }

    /**
     * Kills the server and returns while it reads its files again, which takes long from now on, as if they were large.
     *
     * @param millis how long, at least
     */
    public void restartWithSlowLoading(final int millis) throws Exception {
        final int writes = (int) (millis * 1000L / LOAD_DELAY_MICROS);
        commands.eval(
                "for i = 1, ARGV[1] do redis.call('SET', KEYS[1], i) end",
                ScriptOutputType.STATUS,
                new String[] {"slow"},
                Integer.toString(writes));
        // Settings that Redis has for its own tests: a pause for each write read, and answers in between.
        Files.writeString(
                dataDir.resolve("redis").resolve("redis.conf"),
                "key-load-delay " + LOAD_DELAY_MICROS + "\nloading-process-events-interval-bytes 1024\n",
                StandardOpenOption.APPEND);
        kill();
        Await.until("redis listens again", this::isListening);
    }

    private boolean isListening() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), redis.port())) {
            return socket.isConnected();
        } catch (final IOException notYet) {
            return false;
        }
    }
}
