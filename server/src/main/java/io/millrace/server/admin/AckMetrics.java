package io.millrace.server.admin;

import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.NanoClock;

/** The metrics of replies that wait, by the level that they wait for. Stateless. */
final class AckMetrics {
    private static final String LEVEL = "level";

    private AckMetrics() {}

    static void register(final PrometheusRegistry registry, final List<AckSource> acks, final NanoClock clock) {
        if (acks.isEmpty()) {
            return;
        }
        GaugeWithCallback.builder()
                .name("millrace_ingest_replies_waiting")
                .help("Replies that wait until their events are on disk, in Redis or in PostgreSQL.")
                .labelNames(LEVEL)
                .callback(metric ->
                        acks.forEach(ack -> metric.call((double) ack.waiting().getAsLong(), ack.level())))
                .register(registry);
        final Map<Labels, LatencyRecord> waits = new LinkedHashMap<>();
        for (final AckSource ack : acks) {
            waits.put(Labels.of(LEVEL, ack.level()), new LatencyRecord(ack.waits(), clock));
        }
        registry.register(new LatencyHistogram(
                "millrace_ingest_ack_wait_seconds",
                "From the read that completed a request until its level was reached, or its time was up.",
                LatencyHistogram.REPLY_BOUNDS_MICROS,
                waits));
    }
}
