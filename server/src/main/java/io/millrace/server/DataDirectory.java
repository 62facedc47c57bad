package io.millrace.server;

import io.millrace.storage.StartupException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The folder where a server keeps everything, held by this process alone. The lock is the kernel's, on an open file: it is
 * given back when the process ends, however it ends.
 */
final class DataDirectory implements AutoCloseable {
    private final Path path;
    private final FileChannel lockFile;

    private DataDirectory(final Path path, final FileChannel lockFile) {
        this.path = path;
        this.lockFile = lockFile;
    }

    /**
     * Makes the folder where it is missing, and takes it.
     *
     * @throws StartupException if it cannot be made, or another process has it
     */
    static DataDirectory take(final Path path) {
        try {
            Files.createDirectories(path);
            final FileChannel lockFile = FileChannel.open(
                    path.resolve("millrace.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            final FileLock lock = lockFile.tryLock();
            if (lock == null) {
                lockFile.close();
                throw new StartupException("--data-dir " + path
                        + " is in use by another server: stop that one, or give this one another --data-dir");
            }
            return new DataDirectory(path, lockFile);
        } catch (final IOException e) {
            throw new StartupException(
                    "--data-dir " + path + " cannot be used (" + e + "): give a folder that this user may write to", e);
        }
    }

    Path path() {
        return path;
    }

    /** Where the name of the node is kept. */
    Path nodeFile() {
        return path.resolve("node");
    }

    @Override
    public void close() throws IOException {
        lockFile.close();
    }
}
