package io.millrace.bench.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Time of the processors, user and system, by stage. Its unit is the kernel's tick of 10 ms. Immutable.
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
            final Optional<ProcFile.Stat> stat = ProcFile.stat(folder(store.pid()));
            if (stat.isPresent()) {
                // A session of PostgreSQL that has ended is in its postmaster's children.
                final long taken = stat.get().nanos() + stat.get().childrenNanos();
                nanos.merge(store(stat.get().name()), taken, Long::sum);
            }
        }
        nanos.put(
                Stage.GENERATOR,
                ProcFile.stat(folder(ProcessHandle.current().pid()))
                        .orElseThrow()
                        .nanos());
        return new StageTimes(nanos);
    }

    private static void addServer(final long server, final Map<Stage, Long> nanos) throws IOException {
        final Path folder = folder(server);
        long threads = 0;
        try (Stream<Path> tasks = Files.list(folder.resolve("task"))) {
            for (final Path task : tasks.toList()) {
                final Optional<ProcFile.Stat> stat = ProcFile.stat(task);
                if (stat.isPresent()) {
                    nanos.merge(Stage.ofThread(stat.get().name()), stat.get().nanos(), Long::sum);
                    threads += stat.get().nanos();
                }
            }
        }
        final long process = ProcFile.stat(folder).orElseThrow().nanos();
        nanos.merge(Stage.OTHER, Math.max(0, process - threads), Long::sum);
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
