package io.millrace.server.admin;

import io.millrace.pipeline.Counters;
import io.millrace.pipeline.PipelineCounter;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.core.metrics.SummaryWithCallback;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.Quantiles;
import io.prometheus.metrics.model.snapshots.Unit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.agrona.concurrent.NanoClock;

/**
 * Everything that {@code GET /metrics} shows. What is counted elsewhere is read when it is asked for: the data path knows
 * nothing of this class. Thread-safe; never waits for a store.
 */
final class Metrics {
    static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

    private static final int INITIAL_BYTES = 1 << 15;

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();
    private boolean processRegistered;

    /**
     * Registers all metrics.
     *
     * @param ages by stream
     * @throws IllegalArgumentException if two of the sources have metrics of the same name
     */
    Metrics(
            final AdminSources sources,
            final Map<String, ProgressAge> ages,
            final LedgerCache ledger,
            final PartitionSurvey partitions,
            final LatencyRecord latency,
            final NanoClock clock,
            final String version) {
        LedgerMetrics.register(registry, ledger);
        partitions.register(registry);
        StreamMetrics.register(registry, sources.journals(), sources.shippers(), ages);
        registerStoredAges(sources, clock);
        registerPipeline(sources.pipelineCounters());
        for (final CounterSource<?> source : sources.counters()) {
            registerCounters(source, Set.of());
        }
        for (final GaugeSource gauge : sources.gauges()) {
            GaugeWithCallback.builder()
                    .name(gauge.name())
                    .help(gauge.help())
                    .callback(metric -> metric.call((double) gauge.value().getAsLong()))
                    .register(registry);
        }
        CounterWithCallback.builder()
                .name("millrace_rejected_events")
                .help("Events that were not accepted, by reason.")
                .labelNames("reason")
                .callback(
                        metric -> sources.rejected().get().forEach((code, count) -> metric.call((double) count, code)))
                .register(registry);
        if (latency.hasSources()) {
            registry.register(new LatencyHistogram(
                    "millrace_reply_latency_seconds",
                    "From the read that completed a request to the write of its reply.",
                    LatencyHistogram.REPLY_BOUNDS_MICROS,
                    Map.of(Labels.EMPTY, latency)));
        }
        AckMetrics.register(registry, sources.acks(), clock);
        registerBuild(version);
    }

    /** All metrics in Prometheus' text format 0.0.4. */
    byte[] text() {
        registerProcessOnce();
        final ByteArrayOutputStream out = new ByteArrayOutputStream(INITIAL_BYTES);
        try {
            writer.write(out, registry.scrape(), EscapingScheme.DEFAULT);
        } catch (final IOException e) {
            throw new UncheckedIOException("an array refused to be written", e);
        }
        return out.toByteArray();
    }

    private void registerStoredAges(final AdminSources sources, final NanoClock clock) {
        final List<LatencySource> shippers = sources.shippers().stream()
                .map(shipper -> (LatencySource) shipper.storedAgeNanos()::getIntervalHistogram)
                .toList();
        if (!shippers.isEmpty()) {
            registry.register(new LatencyHistogram(
                    "millrace_stored_event_age_seconds",
                    "How old each event was when PostgreSQL had committed it: never less than it was, up to 10 ms more under load,"
                            + " 100 ms when idle.",
                    LatencyHistogram.FLUSH_BOUNDS_MICROS,
                    Map.of(Labels.EMPTY, new LatencyRecord(shippers, clock))));
        }
    }

    private void registerPipeline(final CounterSource<PipelineCounter> source) {
        registerCounters(source, EnumSet.of(PipelineCounter.FLUSH_NANOS));
        SummaryWithCallback.builder()
                .name("millrace_flush_duration_seconds")
                .help("Commits to the window store.")
                .callback(metric -> metric.call(
                        source.sum(PipelineCounter.FLUSHES),
                        Unit.nanosToSeconds(source.sum(PipelineCounter.FLUSH_NANOS)),
                        Quantiles.EMPTY))
                .register(registry);
    }

    private <C extends Enum<C> & Counters.Descriptor> void registerCounters(
            final CounterSource<C> source, final Set<C> shownOtherwise) {
        for (final C counter : source.type().getEnumConstants()) {
            if (!shownOtherwise.contains(counter)) {
                CounterWithCallback.builder()
                        .name(counter.metricName())
                        .help(counter.help())
                        .callback(metric -> metric.call((double) source.sum(counter)))
                        .register(registry);
            }
        }
    }

    /** At the first scrape: the JVM's management beans take longer to come up than all the rest of the admin port. */
    private synchronized void registerProcessOnce() {
        if (processRegistered) {
            return;
        }
        processRegistered = true;
        JvmMetrics.builder().register(registry);
        // Memory that Netty takes past the JVM's direct buffers shows in no pool of the JVM.
        if (ByteBufAllocator.DEFAULT instanceof ByteBufAllocatorMetricProvider allocator) {
            GaugeWithCallback.builder()
                    .name("millrace_netty_direct_memory_bytes")
                    .help("Direct memory that Netty's default allocator holds.")
                    .callback(metric -> metric.call((double) allocator.metric().usedDirectMemory()))
                    .register(registry);
        }
    }

    private void registerBuild(final String version) {
        Info.builder()
                .name("millrace_build")
                .help("The build that runs.")
                .labelNames("version")
                .register(registry)
                .setLabelValues(version);
    }
}
