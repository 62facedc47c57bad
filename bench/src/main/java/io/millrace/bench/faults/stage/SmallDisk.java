package io.millrace.bench.faults.stage;

import io.millrace.storage.embedded.process.Tools;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** A tmpfs of a size, so that a disk can be full. For one thread. */
public final class SmallDisk implements AutoCloseable {
    private static final int BLOCK_BYTES = 4096;

    private final Path folder;

    private SmallDisk(final Path folder) {
        this.folder = folder;
    }

    /** Mounts one on a folder, which is made. @throws NotRunException if this user may not */
    public static SmallDisk mount(final Path folder, final int mebibytes) throws Exception {
        Files.createDirectories(folder);
        final Tools.Result result = Tools.run(
                List.of("mount", "-t", "tmpfs", "-o", "mode=777,size=" + mebibytes + "m", "tmpfs", folder.toString()));
        if (!result.succeeded()) {
            throw new NotRunException(
                    "no tmpfs can be mounted: " + result.output().strip());
        }
        return new SmallDisk(folder);
    }

    /** Where it is. */
    public Path folder() {
        return folder;
    }

    /** Takes all room that is left on it, to the last block. */
    public void fill() throws IOException {
        final byte[] block = new byte[BLOCK_BYTES];
        try (OutputStream out = Files.newOutputStream(filler(), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            while (true) {
                out.write(block);
            }
        } catch (final IOException e) {
            // Some room is there again already if somebody who failed for want of it has given back what they had.
            final FileStore disk = Files.getFileStore(folder);
            if (disk.getUsableSpace() > disk.getTotalSpace() / 2) {
                throw e;
            }
        }
    }

    /** Gives back what was taken. */
    public void free() throws IOException {
        Files.deleteIfExists(filler());
    }

    private Path filler() {
        return folder.resolve("filler");
    }

    /** Takes it away, whoever still uses it. */
    @Override
    public void close() throws IOException {
        try {
            final Tools.Result result = Tools.run(List.of("umount", "-l", folder.toString()));
            if (!result.succeeded()) {
                throw new IOException("umount: " + result.output().strip());
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
