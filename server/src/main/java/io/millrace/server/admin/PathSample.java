package io.millrace.server.admin;

import io.millrace.pipeline.PipelineCounter;
import io.millrace.pipeline.Progress;
import io.millrace.pipeline.journal.Journal;
import io.millrace.server.http.IngestCounter;

/**
 * How much has gone past each stage of the path by one moment; two of them give the rates between.
 *
 * @param nanos when, by the clock of intervals
 * @param accepted events that the journals have taken
 * @param streamed events that Redis has confirmed
 * @param folded events that the aggregator has counted
 * @param stored events that the aggregator has committed
 * @param requests that were answered
 * @param rejected events
 * @param shed requests
 * @param flushes commits
 * @param flushNanos that they took
 */
record PathSample(
        long nanos,
        long accepted,
        long streamed,
        long folded,
        long stored,
        long requests,
        long rejected,
        long shed,
        long flushes,
        long flushNanos) {

    static PathSample of(final AdminSources sources, final long nanos) {
        long accepted = 0;
        long streamed = 0;
        for (final Journal journal : sources.journals()) {
            final Progress progress = journal.progress();
            streamed += Math.max(progress.streamed(), progress.stored());
            accepted += progress.accepted();
        }
        final CounterSource<PipelineCounter> pipeline = sources.pipelineCounters();
        return new PathSample(
                nanos,
                accepted,
                streamed,
                pipeline.sum(PipelineCounter.FOLDED_EVENTS),
                pipeline.sum(PipelineCounter.FLUSHED_EVENTS),
                sources.sum(IngestCounter.REPLIES_2XX)
                        + sources.sum(IngestCounter.REPLIES_4XX)
                        + sources.sum(IngestCounter.REPLIES_5XX),
                sources.sum(IngestCounter.EVENTS_REJECTED),
                sources.sum(IngestCounter.REQUESTS_SHED),
                pipeline.sum(PipelineCounter.FLUSHES),
                pipeline.sum(PipelineCounter.FLUSH_NANOS));
    }
}
