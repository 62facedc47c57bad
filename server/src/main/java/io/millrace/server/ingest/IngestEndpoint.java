package io.millrace.server.ingest;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.millrace.pipeline.Counters;
import io.millrace.pipeline.event.EventLayout;
import io.millrace.pipeline.journal.JournalWriter;
import io.millrace.server.http.ContentKind;
import io.millrace.server.http.Endpoint;
import io.millrace.server.http.IngestCounter;
import io.millrace.server.http.Method;
import io.millrace.server.http.Refusal;
import io.millrace.server.http.Replies;
import io.millrace.server.http.ReplyBuffer;
import io.millrace.server.http.RequestHead;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * {@code /events} and {@code /pixel.gif}: decodes each request straight from the bytes received into a claim of the
 * journal, and answers when it is committed.
 *
 * <p>Belongs to its event loop. Allocates nothing per request.
 */
final class IngestEndpoint implements Endpoint {
    private static final byte[] EVENTS_PATH = "/events".getBytes(US_ASCII);
    private static final byte[] PIXEL_PATH = "/pixel.gif".getBytes(US_ASCII);
    private static final int EVENTS = 1;
    private static final int PIXEL = 2;
    private static final int PREFLIGHT = 3;

    private final IngestJournal journal;
    private final JournalWriter writer;
    private final EventDecoder decoder;
    private final DecodeResult result = new DecodeResult();
    private final IngestReplies replies;
    private final BatchReport report = new BatchReport();
    private final Counters<IngestCounter> counters;
    private final RejectionCounters rejections;
    private final UnsafeBuffer unrecorded = new UnsafeBuffer(new byte[EventLayout.MAX_LENGTH]);
    private long receivedMillis;
    private boolean committed;

    IngestEndpoint(
            final IngestJournal journal,
            final EventDecoder decoder,
            final Replies replies,
            final Counters<IngestCounter> counters,
            final RejectionCounters rejections) {
        this.journal = journal;
        this.writer = journal.writer();
        this.decoder = decoder;
        this.replies = new IngestReplies(replies);
        this.counters = counters;
        this.rejections = rejections;
    }

    @Override
    public void received(final long epochMillis) {
        receivedMillis = epochMillis;
    }

    @Override
    public int retryAfterSeconds() {
        return Math.max(1, journal.retryAfterSeconds().getAsInt());
    }

    @Override
    public void readComplete() {
        if (committed) {
            committed = false;
            journal.onCommitted().run();
        }
    }

    @Override
    public Refusal admit(final RequestHead head, final UnsafeBuffer buffer, final int start) {
        if (head.expectsOther()) {
            // RFC 9110, 10.1.1
            return Refusal.EXPECTATION_FAILED;
        }
        final Method method = head.method();
        if (method == Method.OTHER) {
            return Refusal.METHOD_NOT_IMPLEMENTED;
        }
        if (method == Method.CONNECT) {
            return Refusal.TUNNEL_NOT_IMPLEMENTED;
        }
        if (method == Method.OPTIONS) {
            head.route(PREFLIGHT);
            return null;
        }
        if (head.pathIs(buffer, start, PIXEL_PATH)) {
            head.route(PIXEL);
            return method == Method.GET || method == Method.HEAD ? null : Refusal.PIXEL_METHOD_NOT_ALLOWED;
        }
        if (head.pathIs(buffer, start, EVENTS_PATH)) {
            head.route(EVENTS);
            return method == Method.POST ? admitBody(head) : Refusal.EVENTS_METHOD_NOT_ALLOWED;
        }
        return Refusal.NOT_FOUND;
    }

    private static Refusal admitBody(final RequestHead head) {
        if (!head.framed()) {
            return Refusal.LENGTH_REQUIRED;
        }
        if (head.contentEncoded()) {
            return Refusal.UNSUPPORTED_CODING;
        }
        return head.contentKind() == ContentKind.OTHER ? Refusal.UNSUPPORTED_MEDIA_TYPE : null;
    }

    @Override
    public void handle(
            final RequestHead head,
            final UnsafeBuffer buffer,
            final int start,
            final int bodyOffset,
            final int bodyLength,
            final ReplyBuffer out) {
        switch (head.route()) {
            case PIXEL -> {
                counters.increment(IngestCounter.PIXEL_REQUESTS);
                pixel(head, buffer, start, out);
            }
            case EVENTS -> {
                counters.increment(IngestCounter.EVENTS_REQUESTS);
                events(head, buffer, bodyOffset, bodyLength, out);
            }
            default -> {
                counters.increment(IngestCounter.OTHER_REQUESTS);
                out.send(replies.preflight);
            }
        }
    }

    private void pixel(final RequestHead head, final UnsafeBuffer buffer, final int start, final ReplyBuffer out) {
        final int query = start + head.queryOffset();
        final int length = Math.max(0, head.queryLength());
        if (head.method() == Method.HEAD) {
            decoder.decodeQuery(buffer, query, length, receivedMillis, unrecorded, 0, result);
        } else {
            final int claim = writer.tryClaim(Math.min(EventLayout.HEADER_LENGTH + length, EventLayout.MAX_LENGTH));
            if (claim == JournalWriter.FULL) {
                counters.increment(IngestCounter.REQUESTS_SHED);
                out.send(replies.pixelOverloaded, retryAfterSeconds());
                return;
            }
            try {
                decoder.decodeQuery(buffer, query, length, receivedMillis, writer.buffer(), claim, result);
            } catch (final RuntimeException e) {
                writer.abort();
                throw e;
            }
            close();
        }
        out.send(result.accepted() > 0 ? replies.pixel : replies.pixelRejected(result.errorCode(0)));
    }

    private void events(
            final RequestHead head,
            final UnsafeBuffer buffer,
            final int body,
            final int length,
            final ReplyBuffer out) {
        final int claim = writer.tryClaim(length);
        if (claim == JournalWriter.FULL) {
            counters.increment(IngestCounter.REQUESTS_SHED);
            out.refuse(Refusal.OVERLOADED, retryAfterSeconds());
            return;
        }
        try {
            decode(head, buffer, body, length, claim);
        } catch (final RuntimeException e) {
            writer.abort();
            throw e;
        }
        close();
        if (result.malformed() || (!result.batch() && result.accepted() == 0)) {
            out.send(replies.eventRejected(result.errorCode(0)));
        } else if (!result.batch()) {
            out.send(replies.accepted);
        } else {
            out.json(
                    result.accepted() > 0 ? replies.batchAccepted : replies.batchRejected,
                    report.bytes(),
                    report.write(result));
        }
    }

    private void decode(
            final RequestHead head, final UnsafeBuffer buffer, final int body, final int length, final int claim) {
        switch (head.contentKind()) {
            case JSON -> decoder.decodeJson(buffer, body, length, receivedMillis, writer.buffer(), claim, result);
            case LINES -> decoder.decodeLines(buffer, body, length, receivedMillis, writer.buffer(), claim, result);
            default -> decoder.decodeBeacon(buffer, body, length, receivedMillis, writer.buffer(), claim, result);
        }
    }

    /** Commits the claim if anything was accepted, and counts. */
    private void close() {
        if (result.accepted() > 0) {
            writer.commit(result.encodedBytes(), result.accepted());
            committed = true;
            counters.add(IngestCounter.EVENTS_ACCEPTED, result.accepted());
            if (result.clampedTimestamps() > 0) {
                counters.add(IngestCounter.TIMESTAMPS_CLAMPED, result.clampedTimestamps());
            }
        } else {
            writer.abort();
        }
        if (result.rejected() > 0) {
            counters.add(IngestCounter.EVENTS_REJECTED, result.rejected());
            rejections.add(result);
        }
    }
}
