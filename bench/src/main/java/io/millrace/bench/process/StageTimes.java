package io.millrace.bench.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Time of the processors, user and system, by stage: in nanoseconds for threads that live, in the kernel's ticks of 10 ms for threads
 * and processes that have ended. Immutable.
 *
 * @param nanos for each stage
 */
public record StageTimes(Map<Stage, Long> nanos) {
    /**
     * What a server, its stores and this process, which is the generator, have taken so far.
     *
     * @param server its process id
     */
    public static StageTimes of(final long server) throws IOException {
        final Map<Stage, Long> nanos = new EnumMap<>(Stage.class);
        for (final Stage stage : Stage.values()) {
            nanos.put(stage, 0L);
        }
        addServer(server, nanos);
        final List<ProcessHandle> stores = ProcessHandle.of(server).stream()
                .flatMap(ProcessHandle::descendants)
                .toList();
        for (final ProcessHandle store : stores) {
            final Path folder = folder(store.pid());
            final Optional<ProcFile.Stat> stat = ProcFile.stat(folder);
            if (stat.isPresent()) {
                // A session of PostgreSQL that has ended is in its postmaster's children.
                final long taken =
                        nanos(stat.get(), ProcFile.threads(folder)) + stat.get().childrenNanos();
                nanos.merge(store(stat.get().name()), taken, Long::sum);
            }
        }
        final Path self = folder(ProcessHandle.current().pid());
        nanos.put(Stage.GENERATOR, nanos(ProcFile.stat(self).orElseThrow(), ProcFile.threads(self)));
        return new StageTimes(nanos);
    }

    private static void addServer(final long server, final Map<Stage, Long> nanos) throws IOException {
        final Path folder = folder(server);
        final List<ProcFile.Stat> threads = ProcFile.threads(folder);
        threads.forEach(thread -> nanos.merge(Stage.ofThread(thread.name()), thread.nanos(), Long::sum));
        final long process = nanos(ProcFile.stat(folder).orElseThrow(), threads);
        nanos.merge(Stage.OTHER, process - sum(threads), Long::sum);
    }

    /** Of a process: in ticks its time has that of threads that have ended, but is cut down to a whole number of them. */
    private static long nanos(final ProcFile.Stat process, final List<ProcFile.Stat> threads) {
        return Math.max(process.nanos(), sum(threads));
    }

    private static long sum(final List<ProcFile.Stat> threads) {
        return threads.stream().mapToLong(ProcFile.Stat::nanos).sum();
    }

    private static Stage store(final String name) {
        return name.startsWith("redis") ? Stage.REDIS : name.startsWith("postgres") ? Stage.POSTGRES : Stage.OTHER;
    }

    private static Path folder(final long pid) {
        return Path.of("/proc", Long.toString(pid));
    }

    /**
     * What was taken since. Never less than nothing: what the process has beside its threads comes from as many roundings as there
     * are threads, and a thread that ended takes its time out of its stage.
     */
    public StageTimes minus(final StageTimes earlier) {
        final Map<Stage, Long> difference = new EnumMap<>(Stage.class);
        nanos.forEach((stage, taken) -> difference.put(stage, Math.max(0, taken - earlier.nanos.get(stage))));
        return new StageTimes(difference);
    }

    /** Of one stage. */
    public long nanos(final Stage stage) {
        return nanos.get(stage);
    }

    /** Of the server's process. */
    public long serverNanos() {
        return nanos.entrySet().stream()
                .filter(taken -> taken.getKey().inServer())
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** Of all processes. */
    public long totalNanos() {
        return nanos.values().stream().mapToLong(Long::longValue).sum();
    }
}
