package io.millrace.storage.embedded.folder;

import io.millrace.storage.DirectoryLock;
import io.millrace.storage.StartupException;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The folder of an embedded store below the data folder, which only its owner may enter.
 *
 * <pre>
 *   lock   held by the Millrace that runs the store
 *   uri    the store's address with user and password, for a person's shell
 * </pre>
 */
public final class StoreFolder implements AutoCloseable {
    private final Path path;
    private final DirectoryLock lock;

    private StoreFolder(final Path path, final DirectoryLock lock) {
        this.path = path;
        this.lock = lock;
    }

    /**
     * Makes the folder where it is missing and takes it for this process.
     *
     * @throws StartupException if a live process has it
     * @throws IOException if it cannot be used
     */
    public static StoreFolder take(final Path folder) throws IOException {
        DurableFiles.createPrivate(folder);
        // The one true path, by which an orphan is recognized.
        final Path path = folder.toRealPath();
        return new StoreFolder(path, DirectoryLock.take(path));
    }

    /** The folder's real path. */
    public Path path() {
        return path;
    }

    /** A file or folder in it. */
    public Path resolve(final String name) {
        return path.resolve(name);
    }

    /**
     * Notes the address of the store where a person finds it: {@code psql "$(cat data/postgres/uri)"}, {@code redis-cli -u
     * "$(cat data/redis/uri)"}. It stays when the store stops, and is replaced at the next start.
     */
    public void writeUri(final String uri) throws IOException {
        DurableFiles.writePrivate(path.resolve("uri"), uri + "\n");
    }

    /** Gives the folder back. */
    @Override
    public void close() throws IOException {
        lock.close();
    }
}
