package io.millrace.bench.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** What Linux says of a process or a thread in {@code /proc}, see proc_pid_stat(5) and proc_pid_status(5). */
final class ProcFile {
    /** The unit of times in {@code stat}: USER_HZ is 100 on every architecture that Java runs on. */
    private static final long NANOS_PER_TICK = 10_000_000;
    /** Fields of {@code stat} behind the name, which may hold blanks and brackets. */
    private static final int UTIME = 11;

    private ProcFile() {}

    /**
     * One line of {@code stat}.
     *
     * @param name of the process or thread
     * @param nanos its time so far, user and system
     * @param childrenNanos that of its children that have ended and were waited for
     */
    record Stat(String name, long nanos, long childrenNanos) {}

    /** Reads {@code stat} in a folder of {@code /proc}; empty if the process is gone. */
    static Optional<Stat> stat(final Path folder) throws IOException {
        return read(folder.resolve("stat")).map(ProcFile::parse);
    }

    static Stat parse(final String line) {
        final int end = line.lastIndexOf(')');
        final String[] fields = line.substring(end + 2).split(" ");
        return new Stat(
                line.substring(line.indexOf('(') + 1, end),
                ticks(fields, UTIME) + ticks(fields, UTIME + 1),
                ticks(fields, UTIME + 2) + ticks(fields, UTIME + 3));
    }

    private static long ticks(final String[] fields, final int at) {
        return Long.parseLong(fields[at]) * NANOS_PER_TICK;
    }

    /** The most memory that a process had resident so far, in bytes; 0 if it is gone. */
    static long peakBytes(final long pid) throws IOException {
        return read(Path.of("/proc", Long.toString(pid), "status")).stream()
                .flatMap(String::lines)
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
                .findFirst()
                .orElse(0);
    }

    private static Optional<String> read(final Path file) throws IOException {
        try {
            return Optional.of(Files.readString(file));
        } catch (final NoSuchFileException e) {
            return Optional.empty();
        } catch (final IOException e) {
            // ESRCH: it ended between open and read.
            if (Files.exists(file.getParent())) {
                throw e;
            }
            return Optional.empty();
        }
    }
}
