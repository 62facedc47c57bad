package io.millrace.server;

import io.millrace.storage.DirectoryLock;
import io.millrace.storage.StartupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The folder where a server keeps everything, held by this process alone, see {@link DirectoryLock}.
 */
final class DataDirectory implements AutoCloseable {
    private final Path path;
    private final DirectoryLock lock;

    private DataDirectory(final Path path, final DirectoryLock lock) {
        this.path = path;
        this.lock = lock;
    }

    /**
     * Makes the folder where it is missing, and takes it.
     *
     * @throws StartupException if it cannot be made, or another process has it
     */
    static DataDirectory take(final Path path) {
        try {
            Files.createDirectories(path);
            return new DataDirectory(path, DirectoryLock.take(path));
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
        lock.close();
    }
}
