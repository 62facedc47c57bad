package io.millrace.server.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBucket;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.SingleWriterRecorder;
import org.junit.jupiter.api.Test;

class LatencyHistogramTest {
    private final SingleWriterRecorder first = new SingleWriterRecorder(3);
    private final SingleWriterRecorder second = new SingleWriterRecorder(3);
    private final LatencyHistogram histogram = new LatencyHistogram(
            "latency_seconds",
            "Latency.",
            LatencyHistogram.REPLY_BOUNDS_MICROS,
            Map.of(
                    Labels.EMPTY,
                    new LatencyRecord(List.of(first::getIntervalHistogram, second::getIntervalHistogram), () -> 0)));

    @Test
    void shouldAddUpThreadsAndScrapes() {
        first.recordValue(TimeUnit.MICROSECONDS.toNanos(20));
        second.recordValue(TimeUnit.MILLISECONDS.toNanos(30));
        assertThat(collect().getCount()).isEqualTo(2);
        second.recordValue(TimeUnit.MILLISECONDS.toNanos(40));
        second.recordValue(TimeUnit.SECONDS.toNanos(90));

        final HistogramDataPointSnapshot data = collect();
        assertThat(data.getCount()).isEqualTo(4);
        assertThat(data.getSum()).isCloseTo(90.07002, within(1.0));
        assertThat(bucket(data, 25e-6)).isEqualTo(1);
        assertThat(bucket(data, 50e-3)).isEqualTo(2);
        assertThat(bucket(data, Double.POSITIVE_INFINITY)).isEqualTo(1);
        assertThat(collect().getCount()).isEqualTo(4);
    }

    private HistogramDataPointSnapshot collect() {
        return (HistogramDataPointSnapshot) histogram.collect().getDataPoints().get(0);
    }

    private static long bucket(final HistogramDataPointSnapshot data, final double upperBound) {
        return data.getClassicBuckets().stream()
                .filter(bucket -> bucket.getUpperBound() == upperBound)
                .mapToLong(ClassicHistogramBucket::getCount)
                .sum();
    }
}
