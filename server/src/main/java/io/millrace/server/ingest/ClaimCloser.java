package io.millrace.server.ingest;

import io.millrace.pipeline.AckLevel;
import io.millrace.pipeline.Counters;
import io.millrace.pipeline.journal.JournalWriter;
import io.millrace.server.decode.DecodeResult;
import io.millrace.server.http.IngestCounter;
import io.millrace.server.http.ReplyBuffer;
import io.millrace.server.http.RequestHead;

/**
 * Ends a claim when its events are decoded: commits what is to be recorded of them, and counts.
 *
 * <p>Belongs to its event loop. Allocates nothing.
 */
final class ClaimCloser {
    private final JournalWriter writer;
    private final GpcPolicy gpc;
    private final Counters<IngestCounter> counters;
    private final RejectionCounters rejections;
    private final Anonymizer anonymizer = new Anonymizer();

    ClaimCloser(
            final JournalWriter writer,
            final GpcPolicy gpc,
            final Counters<IngestCounter> counters,
            final RejectionCounters rejections) {
        this.writer = writer;
        this.gpc = gpc;
        this.counters = counters;
        this.rejections = rejections;
    }

    /**
     * Commits the claim if anything in it is to be recorded; the reply to come waits then until it has that level.
     *
     * @return whether it was committed
     */
    boolean close(
            final RequestHead head,
            final int claim,
            final DecodeResult result,
            final AckLevel level,
            final ReplyBuffer out) {
        if (result.rejected() > 0) {
            counters.add(IngestCounter.EVENTS_REJECTED, result.rejected());
            rejections.add(result);
        }
        final int bytes = result.accepted() == 0 ? 0 : recordedBytes(head, claim, result);
        if (bytes == 0) {
            writer.abort();
            return false;
        }
        final long sequence = writer.commit(bytes, result.accepted());
        if (level != AckLevel.JOURNAL) {
            out.await(level, sequence);
        }
        counters.add(IngestCounter.EVENTS_ACCEPTED, result.accepted());
        if (result.clampedTimestamps() > 0) {
            counters.add(IngestCounter.TIMESTAMPS_CLAMPED, result.clampedTimestamps());
        }
        return true;
    }

    /** How many bytes of the claim are to be recorded, after what its client wants was done to them. */
    private int recordedBytes(final RequestHead head, final int claim, final DecodeResult result) {
        if (gpc == GpcPolicy.IGNORE || !head.globalPrivacyControl()) {
            return result.encodedBytes();
        }
        if (gpc == GpcPolicy.DROP) {
            counters.add(IngestCounter.EVENTS_DROPPED, result.accepted());
            return 0;
        }
        counters.add(IngestCounter.EVENTS_ANONYMIZED, result.accepted());
        return anonymizer.anonymize(writer.buffer(), claim, result.encodedBytes());
    }
}
