package io.millrace.storage.embedded.postgres;

import io.millrace.storage.StartupException;
import io.millrace.storage.embedded.folder.DurableFiles;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tukaani.xz.XZInputStream;

/**
 * The programs of PostgreSQL, unpacked once from the archive on the class path into a cache.
 *
 * <p>The cache folder bears the archive's checksum in its name, so another version gets another folder. It appears under
 * that name only when it is complete and on disk; of two processes that unpack at the same time one wins.
 */
final class PostgresBinaries {
    private static final Logger LOGGER = LoggerFactory.getLogger(PostgresBinaries.class);
    private static final int COPY_BUFFER_BYTES = 1 << 16;
    private static final int OWNER_EXECUTE = 0100;

    private final Path root;

    private PostgresBinaries(final Path root) {
        this.root = root;
    }

    /**
     * Finds the programs, and unpacks them if they are nowhere yet.
     *
     * @param caches folders to keep them in, in order of preference
     * @param runAs who must be able to run them
     */
    static PostgresBinaries locate(final List<Path> caches, final RunAs runAs)
            throws IOException, InterruptedException {
        final URL archive = archive();
        final String name = "postgres-" + architecture() + "-" + fingerprint(archive);
        for (final Path cache : caches) {
            final Path root = cache.resolve(name);
            try {
                Files.createDirectories(cache);
                if (runAs.canEnter(cache)) {
                    if (!Files.isDirectory(root)) {
                        unpack(archive, root);
                    }
                    return new PostgresBinaries(root);
                }
            } catch (final FileSystemException e) {
                LOGGER.debug("cannot keep PostgreSQL in {}", cache, e);
            }
        }
        throw new StartupException("cannot unpack PostgreSQL into any of " + caches
                + ": make one of them writable (about 60 MB), or give a server by --postgres");
    }

    private static String architecture() {
        final String architecture = System.getProperty("os.arch");
        return switch (architecture) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64" -> "arm_64";
            default ->
                throw new StartupException("there is no embedded PostgreSQL for the architecture " + architecture
                        + " (only amd64 and aarch64): give a server by --postgres");
        };
    }

    private static URL archive() {
        final String resource = "/postgres-linux-" + architecture() + ".txz";
        final URL archive = PostgresBinaries.class.getResource(resource);
        if (archive == null) {
            throw new StartupException("the embedded PostgreSQL " + resource
                    + " is not on the class path: build again, or give a server by --postgres");
        }
        return archive;
    }

    private static String fingerprint(final URL archive) throws IOException {
        final URLConnection connection = archive.openConnection();
        if (connection instanceof JarURLConnection jar) {
            return Long.toHexString(jar.getJarEntry().getCrc());
        }
        return Long.toHexString(connection.getContentLengthLong());
    }

    private static void unpack(final URL archive, final Path root) throws IOException {
        final Path draft = Files.createTempDirectory(root.getParent(), "unpacking-");
        try {
            Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("rwxr-xr-x"));
            LOGGER.info("unpacking PostgreSQL into {}", root);
            try (InputStream packed = new BufferedInputStream(archive.openStream(), COPY_BUFFER_BYTES);
                    TarArchiveInputStream entries = new TarArchiveInputStream(new XZInputStream(packed))) {
                for (TarArchiveEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                    if (!entry.getName().endsWith(".a")) {
                        write(entries, entry, draft);
                    }
                }
            }
            publish(draft, root);
        } finally {
            DurableFiles.delete(draft);
        }
    }

    private static void publish(final Path draft, final Path root) throws IOException {
        try {
            DurableFiles.publish(draft, root);
        } catch (final FileAlreadyExistsException | DirectoryNotEmptyException e) {
            LOGGER.debug("another process has unpacked {} meanwhile", root, e);
        }
    }

    private static void write(final InputStream content, final TarArchiveEntry entry, final Path draft)
            throws IOException {
        final Path target = draft.resolve(entry.getName()).normalize();
        if (!target.startsWith(draft)) {
            throw new IOException("an archive entry points out of the archive: " + entry.getName());
        }
        if (entry.isDirectory()) {
            createFolder(target);
            return;
        }
        createFolder(target.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
            return;
        }
        Files.copy(content, target);
        final boolean executable = (entry.getMode() & OWNER_EXECUTE) != 0;
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
        DurableFiles.force(target, StandardOpenOption.READ);
    }

    /** Makes a folder that everybody may enter, whatever the umask says: the server may run as another user. */
    private static void createFolder(final Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        createFolder(folder.getParent());
        Files.createDirectory(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** The full path of one of the programs. */
    String program(final String name) {
        return root.resolve("bin").resolve(name).toString();
    }
}
