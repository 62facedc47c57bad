package io.millrace.pipeline.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Makes names of files survive a loss of power: a file that is on disk is lost all the same while its folder is not. */
final class DurableNames {
    private DurableNames() {}

    /** Returns when the name that a file has now is on disk. */
    static void force(final Path file) throws IOException {
        try (FileChannel folder =
                FileChannel.open(file.toAbsolutePath().normalize().getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }
}
