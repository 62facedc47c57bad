package io.millrace.bench.process;

import java.io.IOException;
import java.util.List;

/**
 * The most memory that each process had resident since it started, in bytes.
 *
 * @param server the server's JVM, its journals as far as they were in memory included
 * @param redis likewise
 * @param postgres the largest of PostgreSQL's processes; what they share is in each of them
 * @param generator this process
 */
public record PeakMemory(long server, long redis, long postgres, long generator) {
    /** Of a server that still runs, and its stores. */
    public static PeakMemory of(final long server) throws IOException {
        long redis = 0;
        long postgres = 0;
        final List<ProcessHandle> stores = ProcessHandle.of(server).stream()
                .flatMap(ProcessHandle::descendants)
                .toList();
        for (final ProcessHandle store : stores) {
            final String command = store.info().command().orElse("");
            final long bytes = ProcFile.peakBytes(store.pid());
            if (command.endsWith("/postgres")) {
                postgres = Math.max(postgres, bytes);
            } else if (command.contains("redis")) {
                redis = Math.max(redis, bytes);
            }
        }
        return new PeakMemory(
                ProcFile.peakBytes(server),
                redis,
                postgres,
                ProcFile.peakBytes(ProcessHandle.current().pid()));
    }
}
