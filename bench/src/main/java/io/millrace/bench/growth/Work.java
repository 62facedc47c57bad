package io.millrace.bench.growth;

import io.millrace.bench.process.ServiceProcess;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

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
    private static final long LIMIT_NANOS = 60_000_000_000L;
    private static final long POLL_MILLIS = 5;

    /**
     * So far, when the server has counted so many events as flushed: PostgreSQL shows a commit before that.
     *
     * @throws IOException if that takes longer than a minute
     */
    static Work of(final ServiceProcess server, final long events) throws IOException, InterruptedException {
        final long deadlineNanos = System.nanoTime() + LIMIT_NANOS;
        while (total(server.get("/metrics"), "millrace_flushed_events_total") < events) {
            if (System.nanoTime() - deadlineNanos >= 0) {
                throw new IOException("the metrics do not come to " + events + " flushed events");
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
        // Once more: the groups and users of the last flush are counted after its events.
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
