package io.millrace.server.ingest;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.millrace.pipeline.AckLevel;
import io.millrace.pipeline.Counters;
import io.millrace.pipeline.event.EventLayout;
import io.millrace.pipeline.journal.JournalWriter;
import io.millrace.server.decode.DecodeResult;
import io.millrace.server.decode.EventDecoder;
import io.millrace.server.decode.RejectionCode;
import io.millrace.server.http.ContentCoding;
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
 * journal, and answers when it is committed, or has got as far as was asked for. And {@code /tracker.js}, the script that sends
 * them from a page.
 *
 * <p>Belongs to its event loop. Allocates nothing per request, but for the script.
 */
final class IngestEndpoint implements Endpoint, AutoCloseable {
    private static final byte[] EVENTS_PATH = "/events".getBytes(US_ASCII);
    private static final byte[] PIXEL_PATH = "/pixel.gif".getBytes(US_ASCII);
    private static final byte[] TRACKER_PATH = "/tracker.js".getBytes(US_ASCII);
    private static final int EVENTS = 1;
    private static final int PIXEL = 2;
    private static final int PREFLIGHT = 3;
    private static final int PIXEL_UNAUTHORIZED = 4;
    private static final int TRACKER = 5;

    /**
     * In one iteration of the event loop. Its reply is a hundred times as long as the shortest request for it: pipelined by
     * somebody who means no good, they would take too much memory.
     */
    private static final int MAX_SCRIPTS = 256;

    private final IngestJournal journal;
    private final JournalWriter writer;
    private final EventDecoder decoder;
    private final DecodeResult result = new DecodeResult();
    private final GzipDecoder gzip;
    private final WriteKeyCheck writeKey;
    private final AckParameter ack;
    private final ClaimCloser closer;
    private final IngestReplies replies;
    private final TrackerReplies tracker;
    private final BatchReport report = new BatchReport();
    private final Counters<IngestCounter> counters;
    private final UnsafeBuffer unrecorded = new UnsafeBuffer(new byte[EventLayout.MAX_LENGTH]);
    private long receivedMillis;
    private boolean committed;
    private int scripts;

    IngestEndpoint(
            final IngestJournal journal,
            final EventDecoder decoder,
            final GzipDecoder gzip,
            final WriteKeyCheck writeKey,
            final AckParameter ack,
            final GpcPolicy gpc,
            final Replies replies,
            final Counters<IngestCounter> counters,
            final RejectionCounters rejections) {
        this.journal = journal;
        this.writer = journal.writer();
        this.decoder = decoder;
        this.gzip = gzip;
        this.writeKey = writeKey;
        this.ack = ack;
        closer = new ClaimCloser(writer, gpc, counters, rejections);
        this.replies = new IngestReplies(replies);
        tracker = new TrackerReplies(replies);
        this.counters = counters;
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
        scripts = 0;
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
            if (method != Method.GET && method != Method.HEAD) {
                return Refusal.PIXEL_METHOD_NOT_ALLOWED;
            }
            head.route(writeKey.passes(head, buffer, start) ? PIXEL : PIXEL_UNAUTHORIZED);
            return null;
        }
        if (head.pathIs(buffer, start, EVENTS_PATH)) {
            if (method != Method.POST) {
                return Refusal.EVENTS_METHOD_NOT_ALLOWED;
            }
            if (!writeKey.passes(head, buffer, start)) {
                counters.increment(IngestCounter.REQUESTS_UNAUTHORIZED);
                return Refusal.UNAUTHORIZED;
            }
            head.route(EVENTS);
            return admitBody(head);
        }
        if (head.pathIs(buffer, start, TRACKER_PATH)) {
            if (method != Method.GET && method != Method.HEAD) {
                return Refusal.TRACKER_METHOD_NOT_ALLOWED;
            }
            head.route(TRACKER);
            return null;
        }
        return Refusal.NOT_FOUND;
    }

    private static Refusal admitBody(final RequestHead head) {
        if (!head.framed()) {
            return Refusal.LENGTH_REQUIRED;
        }
        if (head.contentCoding() == ContentCoding.OTHER) {
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
                final AckLevel level = level(head, buffer, start);
                if (level == null) {
                    counters.increment(IngestCounter.ACKS_REFUSED);
                    final byte[] refusal = ack.refusal(buffer);
                    out.json(replies.ackRefused, refusal, refusal.length);
                } else if (head.contentCoding() == ContentCoding.GZIP) {
                    compressedEvents(head, buffer, bodyOffset, bodyLength, level, out);
                } else {
                    events(head, buffer, bodyOffset, bodyLength, level, out);
                }
            }
            case PIXEL_UNAUTHORIZED -> {
                counters.increment(IngestCounter.PIXEL_REQUESTS);
                counters.increment(IngestCounter.REQUESTS_UNAUTHORIZED);
                out.send(replies.pixelUnauthorized);
            }
            case TRACKER -> {
                counters.increment(IngestCounter.TRACKER_REQUESTS);
                if (++scripts > MAX_SCRIPTS) {
                    shed(out);
                } else {
                    // Not as a run: one is enough, and a run of them would be large.
                    out.send(tracker.to(head, buffer, start), 0);
                }
            }
            default -> {
                counters.increment(IngestCounter.OTHER_REQUESTS);
                out.send(replies.preflight);
            }
        }
    }

    /** The level that the request asks for, or that holds if it asks for none; null if it may not have it. */
    private AckLevel level(final RequestHead head, final UnsafeBuffer buffer, final int start) {
        if (head.queryLength() < 0) {
            return ack.level();
        }
        final int query = start + head.queryOffset();
        return ack.read(buffer, query, query + head.queryLength());
    }

    private void pixel(final RequestHead head, final UnsafeBuffer buffer, final int start, final ReplyBuffer out) {
        final int query = start + head.queryOffset();
        final int length = Math.max(0, head.queryLength());
        if (head.method() == Method.HEAD) {
            decoder.decodeQuery(buffer, query, length, receivedMillis, unrecorded, 0, result);
            pixelLevel(buffer, query, length);
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
            final AckLevel level = pixelLevel(buffer, query, length);
            committed |= closer.close(head, claim, result, level, out);
        }
        out.send(result.accepted() > 0 ? replies.pixel : replies.pixelRejected(result.errorCode(0)));
    }

    /** The level of a pixel whose query was decoded. One that it may not have makes the event a rejected one. */
    private AckLevel pixelLevel(final UnsafeBuffer buffer, final int query, final int length) {
        // The decoder has seen whether anything is there that may be the parameter: most pixels are not looked through.
        if (!result.otherParameters()) {
            return ack.level();
        }
        final AckLevel level = ack.read(buffer, query, query + length);
        if (level == null && result.accepted() > 0) {
            counters.increment(IngestCounter.ACKS_REFUSED);
            result.rejectInstead(RejectionCode.INVALID_ACK);
        }
        return level;
    }

    private void compressedEvents(
            final RequestHead head,
            final UnsafeBuffer buffer,
            final int body,
            final int length,
            final AckLevel level,
            final ReplyBuffer out) {
        if (writer.tryClaim(length) == JournalWriter.FULL) {
            // Not even what came has room: do not inflate what will be shed.
            shed(out);
            return;
        }
        writer.abort();
        final Refusal refusal = gzip.decode(buffer, body, length);
        try {
            if (refusal == null) {
                counters.add(IngestCounter.BYTES_INFLATED, gzip.length());
                events(head, gzip.bytes(), 0, gzip.length(), level, out);
            } else if (refusal == Refusal.OVERLOADED) {
                shed(out);
            } else {
                out.refuse(refusal);
            }
        } finally {
            gzip.release();
        }
    }

    private void events(
            final RequestHead head,
            final UnsafeBuffer buffer,
            final int body,
            final int length,
            final AckLevel level,
            final ReplyBuffer out) {
        final int claim = writer.tryClaim(length);
        if (claim == JournalWriter.FULL) {
            shed(out);
            return;
        }
        try {
            decode(head, buffer, body, length, claim);
        } catch (final RuntimeException e) {
            writer.abort();
            throw e;
        }
        committed |= closer.close(head, claim, result, level, out);
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

    private void shed(final ReplyBuffer out) {
        counters.increment(IngestCounter.REQUESTS_SHED);
        out.refuse(Refusal.OVERLOADED, retryAfterSeconds());
    }

    private void decode(
            final RequestHead head, final UnsafeBuffer buffer, final int body, final int length, final int claim) {
        switch (head.contentKind()) {
            case JSON -> decoder.decodeJson(buffer, body, length, receivedMillis, writer.buffer(), claim, result);
            case LINES -> decoder.decodeLines(buffer, body, length, receivedMillis, writer.buffer(), claim, result);
            default -> decoder.decodeBeacon(buffer, body, length, receivedMillis, writer.buffer(), claim, result);
        }
    }

    /** Gives back what is not the heap's. No request may come after it. */
    @Override
    public void close() {
        gzip.close();
    }
}
