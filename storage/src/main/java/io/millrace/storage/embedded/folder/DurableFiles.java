package io.millrace.storage.embedded.folder;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.stream.Stream;

/** Files and folders that come into being whole or not at all, a power loss included. */
public final class DurableFiles {
    private DurableFiles() {}

    /** Makes a folder that only its owner may enter, or makes sure of it. */
    public static void createPrivate(final Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    }

    /** Writes or replaces a small file that nobody but its owner may read at any time. */
    public static void writePrivate(final Path file, final String text) throws IOException {
        final Path draft = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(draft);
        Files.createFile(draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(draft, text, StandardOpenOption.WRITE);
        force(draft, StandardOpenOption.WRITE);
        publish(draft, file);
    }

    /** Gives a finished file or folder its name, durably. */
    public static void publish(final Path draft, final Path name) throws IOException {
        Files.move(draft, name, StandardCopyOption.ATOMIC_MOVE);
        force(name.toAbsolutePath().getParent(), StandardOpenOption.READ);
    }

    /** Forces a file, or a folder's entries, to disk. */
    public static void force(final Path path, final StandardOpenOption mode) throws IOException {
        try (FileChannel channel = FileChannel.open(path, mode)) {
            channel.force(true);
        }
    }

    /** Removes a folder and what is in it, if it is there. */
    public static void delete(final Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(root)) {
            for (final Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
