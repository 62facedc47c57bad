package io.millrace.server.ingest;

import io.millrace.server.http.AcceptedCodings;
import io.millrace.server.http.CannedReply;
import io.millrace.server.http.EntityTags;
import io.millrace.server.http.FieldText;
import io.millrace.server.http.Replies;
import io.millrace.server.http.RequestHead;
import org.agrona.DirectBuffer;

/**
 * The replies to {@code GET /tracker.js}: the form that the client takes, or word that it has it already.
 *
 * <p>One per event loop: their dates are rewritten there. Choosing allocates; a browser asks once an hour.
 */
final class TrackerReplies {
    /**
     * What the reply depends on stands in every reply, with an Origin or without, or a cache would hand a page one that it may
     * not read. A page that isolates itself (COEP) may load the script all the same.
     */
    private static final String FIELDS = IngestReplies.lines(
            "Cache-Control: public, max-age=3600",
            "Vary: Accept-Encoding, Origin",
            "Cross-Origin-Resource-Policy: cross-origin");

    private static final String CONTENT_FIELDS =
            IngestReplies.lines("Content-Type: text/javascript; charset=utf-8", "X-Content-Type-Options: nosniff");

    private final CannedReply plain;
    private final CannedReply plainNotModified;
    private final CannedReply gzip;
    private final CannedReply gzipNotModified;

    TrackerReplies(final Replies replies) {
        plain = content(replies, TrackerScript.PLAIN, "");
        plainNotModified = notModified(replies, TrackerScript.PLAIN);
        gzip = content(replies, TrackerScript.GZIP, IngestReplies.lines("Content-Encoding: gzip"));
        gzipNotModified = notModified(replies, TrackerScript.GZIP);
    }

    private static CannedReply content(final Replies replies, final TrackerScript script, final String coding) {
        return replies.canned(200, CONTENT_FIELDS + coding + FIELDS + tag(script), script.bytes());
    }

    /** RFC 9110, 15.4.5: with the fields by which a cache renews what it has. */
    private static CannedReply notModified(final Replies replies, final TrackerScript script) {
        return replies.bodiless(304, FIELDS + tag(script));
    }

    private static String tag(final TrackerScript script) {
        return IngestReplies.lines("ETag: " + script.entityTag());
    }

    CannedReply to(final RequestHead head, final DirectBuffer buffer, final int start) {
        final String known = FieldText.values(head, buffer, start, "If-None-Match");
        if (AcceptedCodings.includeGzip(FieldText.values(head, buffer, start, "Accept-Encoding"))) {
            return EntityTags.include(known, TrackerScript.GZIP.entityTag()) ? gzipNotModified : gzip;
        }
        return EntityTags.include(known, TrackerScript.PLAIN.entityTag()) ? plainNotModified : plain;
    }
}
