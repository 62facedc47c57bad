package io.millrace.storage.embedded;

import io.millrace.storage.StartupException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * The folder of an embedded Redis: its data, configuration and log, for this user's eyes only. Held by a lock that the kernel
 * gives back when the process ends, however it ends; so whoever has the lock may take a redis-server found running here
 * for an orphan.
 */
final class RedisFolder implements AutoCloseable {
    private static final String ONLY_OWNER_FOLDER = "rwx------";
    private static final String ONLY_OWNER_FILE = "rw-------";
    private static final long MAX_LOG_BYTES = 8 * 1024 * 1024;
    private static final int LOG_TAIL_BYTES = 4096;

    private final Path path;
    private final FileChannel lock;

    private RedisFolder(final Path path, final FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /**
     * Makes the folder where it is missing and takes it for this process.
     *
     * @throws StartupException if another process has it
     */
    static RedisFolder take(final Path folder) throws IOException {
        Files.createDirectories(folder);
        // The one true path, by which an orphan is recognized.
        final Path path = folder.toRealPath();
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(ONLY_OWNER_FOLDER));
        final FileChannel channel =
                FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (tryLock(channel) == null) {
            channel.close();
            throw new StartupException("the folder " + path
                    + " is in use by another process: stop that one, or give this one another --data-dir");
        }
        return new RedisFolder(path, channel);
    }

    private static FileLock tryLock(final FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (final OverlappingFileLockException heldByThisProcess) {
            return null;
        }
    }

    Path path() {
        return path;
    }

    Path configFile() {
        return path.resolve("redis.conf");
    }

    Path logFile() {
        return path.resolve("redis.log");
    }

    /** Replaces the configuration. The file holds the password, so nobody else may read it at any time. */
    void writeConfig(final List<String> lines) throws IOException {
        final Path draft = path.resolve("redis.conf.new");
        Files.deleteIfExists(draft);
        Files.createFile(draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(ONLY_OWNER_FILE)));
        Files.write(draft, lines, StandardCharsets.UTF_8);
        Files.move(draft, configFile(), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Moves a log that has grown large aside; two are kept. */
    void rotateLog() throws IOException {
        final Path log = logFile();
        if (Files.exists(log) && Files.size(log) > MAX_LOG_BYTES) {
            Files.move(log, path.resolve("redis.log.1"), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** The last line of the log that is not blank. */
    String lastLogLine() throws IOException {
        if (!Files.exists(logFile())) {
            return "";
        }
        try (RandomAccessFile log = new RandomAccessFile(logFile().toFile(), "r")) {
            final int length = (int) Math.min(log.length(), LOG_TAIL_BYTES);
            log.seek(log.length() - length);
            final byte[] tail = new byte[length];
            log.readFully(tail);
            return new String(tail, StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .reduce("", (before, line) -> line)
                    .strip();
        }
    }

    /** Gives the folder back. */
    @Override
    public void close() throws IOException {
        lock.close();
    }
}
