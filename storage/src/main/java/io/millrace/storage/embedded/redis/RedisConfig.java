package io.millrace.storage.embedded.redis;

import io.millrace.storage.embedded.folder.Passwords;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;

/**
 * The settings of an embedded Redis, see <a href="https://redis.io/docs/latest/operate/oss_and_stack/management/config/">
 * redis.conf</a>.
 *
 * @param port on loopback
 * @param password of the default user
 * @param maxMemoryBytes beyond it Redis refuses writes, and evicts nothing
 */
record RedisConfig(int port, String password, long maxMemoryBytes) {
    private static final long MIN_MEMORY_BYTES = 64L * 1024 * 1024;
    private static final int SHARE_OF_MEMORY = 4;

    /** With a new password and a quarter of the memory of this machine or container. */
    static RedisConfig generate(final int port) {
        final long memoryBytes = ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
                .getTotalMemorySize();
        return new RedisConfig(port, Passwords.generate(), Math.max(memoryBytes / SHARE_OF_MEMORY, MIN_MEMORY_BYTES));
    }

    /** What {@code redis.conf} holds. */
    String text(final Path folder) {
        return String.join(
                "\n",
                "# Written anew at each start.",
                "bind 127.0.0.1",
                "port " + port,
                "requirepass " + password,
                "dir " + quote(folder.toString()),
                // One fsync per block; what was confirmed is on disk.
                "appendonly yes",
                "appendfsync always",
                "no-appendfsync-on-rewrite no",
                // A stream passes through: a rewrite finds little of what was appended, and each one forks. Blocks are
                // packed already: compressing them again was half of this process's time under load.
                "auto-aof-rewrite-min-size 256mb",
                "rdbcompression no",
                "aof-load-truncated yes",
                "save \"\"",
                "maxmemory " + maxMemoryBytes,
                "maxmemory-policy noeviction",
                // A child that writes to its standard output; its arguments stay readable, so that an orphan is
                // recognized.
                "daemonize no",
                "supervised no",
                "logfile \"\"",
                "set-proc-title no",
                "");
    }

    /** With the user's name: without one redis-cli 7.0 asks for a user of no name. */
    String uri() {
        return "redis://default:" + password + "@127.0.0.1:" + port;
    }

    private static String quote(final String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }

    /** Leaves the password out. */
    @Override
    public String toString() {
        return "RedisConfig[port=" + port + ", maxMemoryBytes=" + maxMemoryBytes + ']';
    }
}
