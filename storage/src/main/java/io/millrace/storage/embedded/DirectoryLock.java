package io.millrace.storage.embedded;

import io.millrace.storage.StartupException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Holds a folder for this process. The kernel gives the lock back when the process ends, however it ends, so a lock that
 * cannot be had means a live owner.
 */
final class DirectoryLock implements AutoCloseable {
    private static final int MAX_PID_BYTES = 20;

    private final FileChannel channel;

    private DirectoryLock(final FileChannel channel) {
        this.channel = channel;
    }

    static DirectoryLock acquire(final Path directory) throws IOException {
        final FileChannel channel = FileChannel.open(
                directory.resolve("lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        boolean acquired = false;
        try {
            if (tryLock(channel) == null) {
                throw new StartupException("the folder " + directory + " is in use by another process (pid "
                        + readOwner(channel) + "): stop that one, or give this one another --data-dir");
            }
            channel.truncate(0);
            channel.write(StandardCharsets.US_ASCII.encode(
                    Long.toString(ProcessHandle.current().pid())));
            acquired = true;
            return new DirectoryLock(channel);
        } finally {
            if (!acquired) {
                channel.close();
            }
        }
    }

    private static FileLock tryLock(final FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (final OverlappingFileLockException heldByThisProcess) {
            return null;
        }
    }

    private static String readOwner(final FileChannel channel) throws IOException {
        final ByteBuffer pid = ByteBuffer.allocate(MAX_PID_BYTES);
        channel.read(pid, 0);
        final String owner = StandardCharsets.US_ASCII.decode(pid.flip()).toString();
        return owner.isEmpty() ? "unknown" : owner;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
