package io.millrace.bench.load;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/** The result of a load for people. */
final class ResultTable {
    private static final String[] PERCENTILES = {"50", "90", "99", "99.9"};

    private final LoadResult result;
    private final PrintWriter out;

    ResultTable(final LoadResult result, final PrintWriter out) {
        this.result = result;
        this.out = out;
    }

    void print() {
        plan();
        row(
                "rate",
                "%,.1f requests/s, %,.1f accepted events/s over %.2f s",
                result.requestsPerSecond(),
                result.eventsPerSecond(),
                result.seconds());
        row("answers", "%s", statuses());
        row(
                "events",
                "%,d sent, %,d accepted, %,d refused, %,d unanswered; %,d accepted with the warm-up",
                result.measured(LoadCounter.EVENTS_SENT),
                result.measured(LoadCounter.EVENTS_ACCEPTED),
                result.measured(LoadCounter.EVENTS_REFUSED),
                result.measured(LoadCounter.EVENTS_UNANSWERED),
                result.total(LoadCounter.EVENTS_ACCEPTED));
        row(
                "errors",
                "connect %,d, closed %,d, timeout %,d, never sent %,d, no reply %,d%s",
                result.measured(LoadCounter.CONNECT_ERRORS),
                result.measured(LoadCounter.LOST_CLOSED),
                result.measured(LoadCounter.LOST_TIMEOUT),
                result.measured(LoadCounter.NEVER_SENT),
                result.measured(LoadCounter.LOST_PROTOCOL),
                result.misunderstood().isEmpty() ? "" : " (" + result.misunderstood() + ")");
        if (result.measured(LoadCounter.REQUESTS_BELOW_LEVEL) > 0) {
            row("below level", "%,d", result.measured(LoadCounter.REQUESTS_BELOW_LEVEL));
        }
        latencies("latency ms", result.latencyNanos());
        if (result.plan().pace().isOpen()) {
            latencies("sent late", result.latenessNanos());
        }
        cpu();
        out.flush();
    }

    private void plan() {
        final LoadPlan plan = result.plan();
        final Pace pace = plan.pace();
        final RequestShape requests = plan.requests();
        final Target target = plan.target();
        row(
                "target",
                "http://%s%s, %s%s%s",
                target.authority(),
                target.resource().isEmpty() ? requests.form().path() : target.resource(),
                requests.form().name().toLowerCase(Locale.ROOT),
                requests.batch() > 1 ? " of " + requests.batch() : "",
                requests.ack().map(level -> ", " + level.parameter()).orElse(""));
        row(
                "load",
                "%s, %d connections, pipeline %d, %s, warm-up %s, zipf %s over %d users and %d elements, %d actions, seed"
                        + " %d",
                pace.isOpen()
                        ? String.format(Locale.ROOT, "open loop at %,.0f/s", pace.ratePerSecond())
                        : "closed loop",
                pace.connections(),
                pace.pipeline(),
                pace.requests() > 0 ? pace.requests() + " requests" : show(pace.duration()),
                show(pace.warmup()),
                plan.events().zipf(),
                plan.events().users(),
                plan.events().elements(),
                plan.events().actions(),
                plan.events().seed());
    }

    private static String show(final Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }

    private String statuses() {
        return result.statuses().isEmpty()
                ? "none"
                : result.statuses().entrySet().stream()
                        .map(count -> String.format(Locale.ROOT, "%,d × %d", count.getValue(), count.getKey()))
                        .collect(Collectors.joining(", "));
    }

    private void latencies(final String name, final Histogram nanos) {
        final StringBuilder text = new StringBuilder();
        for (final String percentile : PERCENTILES) {
            final double value = nanos.getValueAtPercentile(Double.parseDouble(percentile)) / 1e6;
            text.append(String.format(Locale.ROOT, "p%s %.3f  ", percentile, value));
        }
        row(name, "%smax %.3f  mean %.3f", text, nanos.getMaxValue() / 1e6, nanos.getMean() / 1e6);
    }

    private void cpu() {
        final CpuTime cpu = result.cpu();
        final int batch = result.plan().requests().batch();
        final double microsPerRequest =
                cpu.processNanos() / 1e3 / Math.max(1, result.measured(LoadCounter.REQUESTS_ANSWERED));
        row(
                "generator",
                "%.2f s of CPU, %.2f of it the sending thread: %.2f µs a request%s, %.2f of a core",
                cpu.processNanos() / 1e9,
                cpu.threadNanos() / 1e9,
                microsPerRequest,
                batch > 1 ? String.format(Locale.ROOT, ", %.0f ns an event", microsPerRequest * 1e3 / batch) : "",
                result.seconds() > 0 ? cpu.processNanos() / 1e9 / result.seconds() : 0);
    }

    private void row(final String name, final String format, final Object... values) {
        out.printf(Locale.ROOT, "%-12s%s%n", name, String.format(Locale.ROOT, format, values));
    }
}
