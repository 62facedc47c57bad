package io.millrace.bench.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What Linux says of a process or a thread in {@code /proc}, see proc_pid_stat(5), proc_pid_status(5), and {@code schedstat} in the
 * kernel's Documentation/scheduler/sched-stats.rst.
 */
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
    record Stat(String name, long nanos, long childrenNanos) {
        /** With the time of {@code schedstat}, its first number. */
        private Stat withNanos(final String schedstat) {
            return new Stat(name, Long.parseLong(schedstat.substring(0, schedstat.indexOf(' '))), childrenNanos);
        }
    }

    /** Reads {@code stat} in a folder of {@code /proc}; empty if the process is gone. */
    static Optional<Stat> stat(final Path folder) throws IOException {
        return read(folder.resolve("stat")).map(ProcFile::parse);
    }

    /**
     * The threads of a process that have not ended. Their times are to the nanosecond, and lag behind by what a thread has run since the
     * kernel last looked: milliseconds. A kernel that keeps none has ticks only.
     *
     * @param process its folder in {@code /proc}
     */
    static List<Stat> threads(final Path process) throws IOException {
        final List<Stat> threads = new ArrayList<>();
        try (Stream<Path> tasks = Files.list(process.resolve("task"))) {
            for (final Path task : tasks.toList()) {
                final Optional<Stat> stat = stat(task);
                if (stat.isPresent()) {
                    final Optional<String> exact = read(task.resolve("schedstat"));
                    threads.add(exact.isPresent() ? stat.get().withNanos(exact.get()) : stat.get());
                }
            }
        } catch (final NoSuchFileException e) {
            return List.of();
        }
        return threads;
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
