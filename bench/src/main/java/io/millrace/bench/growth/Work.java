package io.millrace.bench.growth;

import io.millrace.bench.process.ServiceProcess;
import java.io.IOException;

/**
 * What the stages behind the answer have done, by the server's own counters: in how many pieces, and how long the last of them waited.
 *
 * @param blocks that Redis has confirmed
 * @param blockBytes in them
 * @param flushes to PostgreSQL
 * @param flushNanos that they took, by the clock
 * @param groups (window, action, element) in them
 * @param users pairs of group and user in them
 */
record Work(long blocks, long blockBytes, long flushes, long flushNanos, long groups, long users) {
    /** So far. */
    static Work of(final ServiceProcess server) throws IOException, InterruptedException {
        final String metrics = server.get("/metrics");
        return new Work(
                total(metrics, "millrace_shipped_blocks_total"),
                total(metrics, "millrace_shipped_bytes_total"),
                total(metrics, "millrace_flushes_total"),
                Math.round(value(metrics, "millrace_flush_duration_seconds_sum") * 1e9),
                total(metrics, "millrace_flushed_groups_total"),
                total(metrics, "millrace_flushed_users_total"));
    }

    private static long total(final String metrics, final String name) throws IOException {
        return (long) value(metrics, name);
    }

    private static double value(final String metrics, final String name) throws IOException {
        final String head = name + ' ';
        return metrics.lines()
                .filter(line -> line.startsWith(head))
                .mapToDouble(line -> Double.parseDouble(line.substring(head.length())))
                .findFirst()
                .orElseThrow(() -> new IOException("no " + name + " in the metrics"));
    }

    Work minus(final Work earlier) {
        return new Work(
                blocks - earlier.blocks,
                blockBytes - earlier.blockBytes,
                flushes - earlier.flushes,
                flushNanos - earlier.flushNanos,
                groups - earlier.groups,
                users - earlier.users);
    }
}
