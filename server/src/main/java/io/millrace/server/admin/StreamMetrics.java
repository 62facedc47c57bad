package io.millrace.server.admin;

import io.millrace.pipeline.Progress;
import io.millrace.pipeline.journal.Journal;
import io.millrace.pipeline.ship.Shipper;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;

/** The metrics of each stream whose journal is in this process, by stream. Stateless. */
final class StreamMetrics {
    private static final String STREAM = "stream";

    private final PrometheusRegistry registry;
    private final List<Journal> journals;

    private StreamMetrics(final PrometheusRegistry registry, final List<Journal> journals) {
        this.registry = registry;
        this.journals = journals;
    }

    static void register(
            final PrometheusRegistry registry,
            final List<Journal> journals,
            final List<Shipper> shippers,
            final Map<String, ProgressAge> ages) {
        final StreamMetrics metrics = new StreamMetrics(registry, journals);
        metrics.registerProgress();
        metrics.registerJournals();
        registerAges(registry, ages);
        registerStates(registry, shippers);
    }

    private void registerProgress() {
        counter(
                "millrace_stream_accepted_events",
                "Events committed in the journal since the stream began.",
                journal -> journal.progress().accepted());
        counter(
                "millrace_stream_streamed_events",
                "Events that Redis confirmed since the stream began.",
                journal -> streamed(journal.progress()));
        counter(
                "millrace_stream_stored_events",
                "Events that PostgreSQL committed since the stream began.",
                journal -> journal.progress().stored());
        // The far end is read first: a lag can then be too large by what came in between, but never below 0.
        gauge("millrace_stream_unshipped_events", "Events accepted that Redis has not confirmed.", journal -> {
            final long streamed = streamed(journal.progress());
            return journal.progress().accepted() - streamed;
        });
        gauge("millrace_stream_unstored_events", "Events that Redis confirmed and PostgreSQL has not.", journal -> {
            final long stored = journal.progress().stored();
            return streamed(journal.progress()) - stored;
        });
    }

    private void registerJournals() {
        gauge("millrace_journal_used_bytes", "Bytes of the journal that are not freed.", Journal::usedBytes);
        gauge("millrace_journal_capacity_bytes", "Bytes that the journal can hold.", Journal::capacityBytes);
    }

    private static void registerAges(final PrometheusRegistry registry, final Map<String, ProgressAge> ages) {
        GaugeWithCallback.builder()
                .name("millrace_stream_oldest_unshipped_seconds")
                .help("How long the oldest event that Redis has not confirmed has been waiting.")
                .labelNames(STREAM)
                .callback(metric ->
                        ages.forEach((stream, age) -> metric.call(Unit.nanosToSeconds(age.unshippedNanos()), stream)))
                .register(registry);
        GaugeWithCallback.builder()
                .name("millrace_stream_oldest_unstored_seconds")
                .help("How long the oldest event that PostgreSQL has not committed has been waiting.")
                .labelNames(STREAM)
                .callback(metric ->
                        ages.forEach((stream, age) -> metric.call(Unit.nanosToSeconds(age.unstoredNanos()), stream)))
                .register(registry);
    }

    private static void registerStates(final PrometheusRegistry registry, final List<Shipper> shippers) {
        GaugeWithCallback.builder()
                .name("millrace_shipper_state")
                .help("1 for what the shipper is about, 0 for what it is not.")
                .labelNames(STREAM, "state")
                .callback(metric -> {
                    for (final Shipper shipper : shippers) {
                        final Shipper.State now = shipper.state();
                        for (final Shipper.State state : Shipper.State.values()) {
                            metric.call(
                                    state == now ? 1 : 0,
                                    shipper.journal().stream(),
                                    state.name().toLowerCase(Locale.ROOT));
                        }
                    }
                })
                .register(registry);
    }

    private void counter(final String name, final String help, final ToLongFunction<Journal> value) {
        CounterWithCallback.builder()
                .name(name)
                .help(help)
                .labelNames(STREAM)
                .callback(metric ->
                        journals.forEach(journal -> metric.call((double) value.applyAsLong(journal), journal.stream())))
                .register(registry);
    }

    private void gauge(final String name, final String help, final ToLongFunction<Journal> value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .labelNames(STREAM)
                .callback(metric ->
                        journals.forEach(journal -> metric.call((double) value.applyAsLong(journal), journal.stream())))
                .register(registry);
    }

    /** What is stored was shipped, even if a shipper that has just started does not know yet. */
    private static long streamed(final Progress progress) {
        return Math.max(progress.streamed(), progress.stored());
    }
}
