package io.millrace.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Holds a folder for this process, by the file {@code lock} in it. Thread-safe.
 *
 * <ol>
 *   <li>The kernel gives the lock back when the process ends, however it ends: a lock that cannot be had means a live owner,
 *       and whoever has it may take a child found running on the folder for an orphan.
 *   <li>The file holds the owner's process id, for the message to others only.
 *   <li>By fcntl(2) a process loses its lock when it closes <em>any</em> descriptor of the file. So nothing in the owner's
 *       process may open it, and what this process holds is looked up in memory before the file is touched.
 * </ol>
 */
public final class DirectoryLock implements AutoCloseable {
    private static final int MAX_PID_BYTES = 20;
    /** Device and inode of each folder that this process holds; one folder may have many paths. */
    private static final Set<Object> HELD = ConcurrentHashMap.newKeySet();

    private final Object key;
    private final FileChannel channel;

    private DirectoryLock(final Object key, final FileChannel channel) {
        this.key = key;
        this.channel = channel;
    }

    /**
     * Takes a folder, which exists.
     *
     * @throws StartupException if a live process, this one included, holds it; names the folder, the owner's process id and
     *     the remedy
     * @throws IOException if the folder cannot be written to
     */
    public static DirectoryLock take(final Path folder) throws IOException {
        final Path path = folder.toRealPath();
        final Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        if (!HELD.add(key)) {
            throw inUse(path, "this process, pid " + ProcessHandle.current().pid());
        }
        boolean taken = false;
        try {
            final DirectoryLock lock = new DirectoryLock(key, lock(path));
            taken = true;
            return lock;
        } finally {
            if (!taken) {
                HELD.remove(key);
            }
        }
    }

    private static FileChannel lock(final Path folder) throws IOException {
        final FileChannel channel = FileChannel.open(
                folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        boolean locked = false;
        try {
            if (channel.tryLock() == null) {
                throw inUse(folder, "another process, pid " + readOwner(channel));
            }
            channel.truncate(0);
            channel.write(StandardCharsets.US_ASCII.encode(
                    Long.toString(ProcessHandle.current().pid())));
            locked = true;
            return channel;
        } finally {
            if (!locked) {
                channel.close();
            }
        }
    }

    private static StartupException inUse(final Path folder, final String owner) {
        return new StartupException("the folder " + folder + " is in use (by " + owner
                + "): stop that one, or give this one another --data-dir");
    }

    private static String readOwner(final FileChannel channel) throws IOException {
        final ByteBuffer pid = ByteBuffer.allocate(MAX_PID_BYTES);
        channel.read(pid, 0);
        final String owner = StandardCharsets.US_ASCII.decode(pid.flip()).toString();
        return owner.isEmpty() ? "unknown" : owner;
    }

    /** Gives the folder back. A second call does nothing. */
    @Override
    public synchronized void close() throws IOException {
        if (!channel.isOpen()) {
            return;
        }
        // In this order: a close that came after another start had taken the folder would take its lock away.
        channel.close();
        HELD.remove(key);
    }
}
