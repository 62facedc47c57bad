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
    private static final long[] BOUNDS_MICROS = {
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

    private final String name;
    private final String help;
    private final Map<Labels, LatencyRecord> records;

    LatencyHistogram(final String name, final String help, final Map<Labels, LatencyRecord> records) {
        this.name = name;
        this.help = help;
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

    private static HistogramDataPointSnapshot dataPoint(final Labels labels, final Histogram total) {
        return HistogramDataPointSnapshot.builder()
                .labels(labels)
                .classicHistogramBuckets(buckets(total))
                .sum(Unit.nanosToSeconds((long) (total.getMean() * total.getTotalCount())))
                .build();
    }

    private static ClassicHistogramBuckets buckets(final Histogram total) {
        final ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
        long below = 0;
        for (final long boundMicros : BOUNDS_MICROS) {
            final long upTo = total.getCountBetweenValues(0, TimeUnit.MICROSECONDS.toNanos(boundMicros));
            buckets.bucket(boundMicros / 1e6, upTo - below);
            below = upTo;
        }
        return buckets.bucket(Double.POSITIVE_INFINITY, total.getTotalCount() - below)
                .build();
    }
}
