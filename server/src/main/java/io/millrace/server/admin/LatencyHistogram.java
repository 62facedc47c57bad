package io.millrace.server.admin;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.MetricType;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricFamilyDescriptor;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** A Prometheus histogram over all latencies that {@link LatencyRecord}s have taken over, by labels. Thread-safe. */
final class LatencyHistogram implements Collector {
    /** Upper bounds of the buckets, in microseconds: 1, 2.5 and 5 of each power of ten, from 10 µs to 10 s. */
    static final long[] REPLY_BOUNDS_MICROS = {
        10,
        25,
        50,
        100,
        250,
        500,
        1_000,
        2_500,
        5_000,
        10_000,
        25_000,
        50_000,
        100_000,
        250_000,
        500_000,
        1_000_000,
        2_500_000,
        5_000_000,
        10_000_000
    };

    /** The same for what takes a flush interval: close together where the default one is. */
    static final long[] FLUSH_BOUNDS_MICROS = {
        10_000,
        25_000,
        50_000,
        100_000,
        250_000,
        500_000,
        750_000,
        1_000_000,
        1_250_000,
        1_500_000,
        2_000_000,
        3_000_000,
        5_000_000,
        10_000_000,
        30_000_000,
        60_000_000
    };

    private final String name;
    private final String help;
    private final long[] boundsMicros;
    private final Map<Labels, LatencyRecord> records;

    LatencyHistogram(
            final String name, final String help, final long[] boundsMicros, final Map<Labels, LatencyRecord> records) {
        this.name = name;
        this.help = help;
        this.boundsMicros = boundsMicros.clone();
        this.records = records;
    }

    @Override
    public MetricFamilyDescriptor getMetricFamilyDescriptor() {
        return MetricFamilyDescriptor.of(MetricType.HISTOGRAM, new MetricMetadata(name, help));
    }

    @Override
    public MetricSnapshot collect() {
        final HistogramSnapshot.Builder snapshot =
                HistogramSnapshot.builder().name(name).help(help);
        records.forEach((labels, record) -> {
            record.take();
            snapshot.dataPoint(record.total(total -> dataPoint(labels, total)));
        });
        return snapshot.build();
    }

    private HistogramDataPointSnapshot dataPoint(final Labels labels, final Histogram total) {
        return HistogramDataPointSnapshot.builder()
                .labels(labels)
                .classicHistogramBuckets(buckets(total))
                .sum(Unit.nanosToSeconds((long) (total.getMean() * total.getTotalCount())))
                .build();
    }

    private ClassicHistogramBuckets buckets(final Histogram total) {
        final ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
        long below = 0;
        for (final long boundMicros : boundsMicros) {
            final long upTo = total.getCountBetweenValues(0, TimeUnit.MICROSECONDS.toNanos(boundMicros));
            buckets.bucket(boundMicros / 1e6, upTo - below);
            below = upTo;
        }
        return buckets.bucket(Double.POSITIVE_INFINITY, total.getTotalCount() - below)
                .build();
    }
}
