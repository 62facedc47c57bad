package io.millrace.storage.embedded.postgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a running PostgreSQL writes into {@code postmaster.pid} of its data folder (src/include/utils/pidfile.h): line 1 is
 * its process id, line 8 its state, padded with blanks.
 */
record PostmasterFile(long pid, String state) {
    private static final int PID_LINE = 0;
    private static final int STATE_LINE = 7;

    static Path path(final Path cluster) {
        return cluster.resolve("postmaster.pid");
    }

    /** Reads the file, if it is there and says at least whose it is. */
    static Optional<PostmasterFile> read(final Path cluster) throws IOException {
        final List<String> lines;
        try {
            lines = Files.readAllLines(path(cluster), StandardCharsets.ISO_8859_1);
        } catch (final NoSuchFileException notRunning) {
            return Optional.empty();
        }
        if (lines.isEmpty() || !lines.get(PID_LINE).matches("[0-9]{1,18}")) {
            return Optional.empty();
        }
        final String state = lines.size() > STATE_LINE ? lines.get(STATE_LINE).trim() : "";
        return Optional.of(new PostmasterFile(Long.parseLong(lines.get(PID_LINE)), state));
    }

    boolean isReady() {
        return state.equals("ready");
    }
}
