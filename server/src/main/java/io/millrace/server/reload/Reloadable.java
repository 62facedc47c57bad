package io.millrace.server.reload;

import java.nio.file.Path;
import java.util.List;

/**
 * Files and what is to be done when they have changed.
 *
 * @param what for the log: {@code the write keys}
 * @param files all that are read
 * @param reload reads them
 */
public record Reloadable(String what, List<Path> files, Reload reload) {
    public Reloadable {
        files = List.copyOf(files);
    }

    /** Reads files and puts what they hold to use. */
    @FunctionalInterface
    public interface Reload {
        /**
         * Reads.
         *
         * @return for the log, what holds from now on; nothing secret
         * @throws ReloadException if what the files hold cannot be used: then all stays as it was
         */
        String run() throws ReloadException, InterruptedException;
    }
}
