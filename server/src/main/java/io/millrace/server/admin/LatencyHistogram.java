package io.millrace.server.admin;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.MetricType;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricFamilyDescriptor;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * A Prometheus histogram over what several threads record in HdrHistograms. Each scrape takes over what was recorded since
 * the one before and adds it to the total, from which the buckets are read. Thread-safe.
 */
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

    private static final int SIGNIFICANT_DIGITS = 2;

    private final String name;
    private final String help;
    private final List<LatencySource> sources;
    private final Histogram[] intervals;
    private final Histogram total = new Histogram(TimeUnit.MINUTES.toNanos(1), SIGNIFICANT_DIGITS);

    LatencyHistogram(final String name, final String help, final List<LatencySource> sources) {
        this.name = name;
        this.help = help;
        this.sources = List.copyOf(sources);
        intervals = new Histogram[sources.size()];
        total.setAutoResize(true);
    }

    @Override
    public MetricFamilyDescriptor getMetricFamilyDescriptor() {
        return MetricFamilyDescriptor.of(MetricType.HISTOGRAM, new MetricMetadata(name, help));
    }

    @Override
    public synchronized MetricSnapshot collect() {
        for (int i = 0; i < intervals.length; i++) {
            intervals[i] = sources.get(i).intervalHistogram(intervals[i]);
            total.add(intervals[i]);
        }
        return HistogramSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(HistogramDataPointSnapshot.builder()
                        .classicHistogramBuckets(buckets())
                        .sum(Unit.nanosToSeconds((long) (total.getMean() * total.getTotalCount())))
                        .build())
                .build();
    }

    private ClassicHistogramBuckets buckets() {
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
