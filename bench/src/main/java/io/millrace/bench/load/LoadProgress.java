package io.millrace.bench.load;

import org.HdrHistogram.Histogram;

/**
 * How a running load stands.
 *
 * @param measuring whether the warm-up is over
 * @param answered requests answered so far, the warm-up included
 * @param acceptedEvents likewise
 * @param refusedEvents likewise
 * @param lost requests lost so far, never sent ones included
 * @param connectErrors so far
 * @param backlog requests that are due and not yet written
 * @param latencyNanos of the requests answered since the last look
 */
public record LoadProgress(
        boolean measuring,
        long answered,
        long acceptedEvents,
        long refusedEvents,
        long lost,
        long connectErrors,
        long backlog,
        Histogram latencyNanos) {}
