package io.millrace.server.admin;

import org.HdrHistogram.Histogram;

/**
 * Where latencies of one thread are recorded, in nanoseconds: {@code SingleWriterRecorder::getIntervalHistogram} is one.
 * Asked by one thread at a time; whoever asks takes what it gets away from everybody else.
 */
@FunctionalInterface
public interface LatencySource {
    /**
     * What was recorded since the last call.
     *
     * @param recycle what the last call returned, to be used again; null at the first
     */
    Histogram intervalHistogram(Histogram recycle);
}
