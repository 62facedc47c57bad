package io.millrace.bench.load;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Prints a line a second while a load runs. */
final class ProgressPrinter {
    private static final long INTERVAL_MILLIS = 1000;

    private final Load load;
    private final PrintWriter out;
    private LoadProgress last;
    private long lastNanos;

    ProgressPrinter(final Load load, final PrintWriter out) {
        this.load = load;
        this.out = out;
    }

    /** Prints until the load has ended. */
    void run() throws InterruptedException {
        final long startNanos = System.nanoTime();
        last = load.progress();
        lastNanos = startNanos;
        for (long n = 1; ; n++) {
            final long nextNanos = startNanos + TimeUnit.MILLISECONDS.toNanos(n * INTERVAL_MILLIS);
            if (load.await(TimeUnit.NANOSECONDS.toMillis(nextNanos - System.nanoTime()))) {
                return;
            }
            print(n);
        }
    }

    private void print(final long second) {
        final LoadProgress now = load.progress();
        final long nowNanos = System.nanoTime();
        final double seconds = (nowNanos - lastNanos) / 1e9;
        final Histogram latency = now.latencyNanos();
        out.printf(
                Locale.ROOT,
                "%4d s %s %,10.0f req/s %,11.0f events/s  p50 %7.3f  p99 %7.3f  max %8.3f ms  refused %d  lost %d"
                        + "  backlog %d%n",
                second,
                now.measuring() ? "      " : "warm-up",
                (now.answered() - last.answered()) / seconds,
                (now.acceptedEvents() - last.acceptedEvents()) / seconds,
                latency.getValueAtPercentile(50) / 1e6,
                latency.getValueAtPercentile(99) / 1e6,
                latency.getMaxValue() / 1e6,
                now.refusedEvents(),
                now.lost(),
                now.backlog());
        last = now;
        lastNanos = nowNanos;
    }
}
