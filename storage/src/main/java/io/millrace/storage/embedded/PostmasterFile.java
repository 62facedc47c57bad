package io.millrace.storage.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
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

    /**
     * The process that this file speaks of, if it is alive and is a PostgreSQL on that very folder. A process id is given
     * away again after its process has died, so the number alone proves nothing.
     */
    Optional<ProcessHandle> liveServer(final Path cluster) throws IOException {
        final Optional<ProcessHandle> process = ProcessHandle.of(pid).filter(ProcessHandle::isAlive);
        if (process.isEmpty()) {
            return Optional.empty();
        }
        final List<String> command;
        try {
            final byte[] line = Files.readAllBytes(Path.of("/proc", Long.toString(pid), "cmdline"));
            command = Arrays.asList(new String(line, StandardCharsets.UTF_8).split("\0", -1));
        } catch (final NoSuchFileException endedMeanwhile) {
            return Optional.empty();
        }
        final boolean ours = command.get(0).endsWith("/postgres") && command.contains(cluster.toString());
        return ours ? process : Optional.empty();
    }
}
