package io.millrace.server.ingest;

import io.millrace.server.decode.RejectionCode;
import io.millrace.server.http.CannedReply;
import io.millrace.server.http.Refusal;
import io.millrace.server.http.Replies;
import java.util.Base64;

/** The canned replies of the endpoint. One per event loop: their dates are rewritten there. */
final class IngestReplies {
    private static final byte[] GIF =
            Base64.getDecoder().decode("R0lGODlhAQABAIABAAAAAP///yH5BAEAAAEALAAAAAABAAEAAAICTAEAOw==");

    private static final String PIXEL_FIELDS =
            lines("Content-Type: image/gif", "Cache-Control: no-store, no-cache, must-revalidate, private");

    /** Fetch standard, 3.2: what a page may ask for, and for how long it need not ask again. */
    private static final String PREFLIGHT_FIELDS = lines(
            "Allow: GET, HEAD, POST, OPTIONS",
            "Access-Control-Allow-Methods: GET, HEAD, POST, OPTIONS",
            "Access-Control-Allow-Headers: Content-Type, Content-Encoding, X-Write-Key, Authorization",
            "Access-Control-Max-Age: 86400");

    final CannedReply accepted;
    final CannedReply batchAccepted;
    final CannedReply batchRejected;
    final CannedReply ackRefused;
    final CannedReply pixel;
    final CannedReply pixelOverloaded;
    final CannedReply pixelUnauthorized;
    final CannedReply preflight;

    private final CannedReply[] eventRejected;
    private final CannedReply[] pixelRejected;

    IngestReplies(final Replies replies) {
        accepted = replies.json(202, "", "{\"status\":\"accepted\"}");
        batchAccepted = replies.openJson(202);
        batchRejected = replies.openJson(400);
        ackRefused = replies.openJson(400);
        pixel = replies.canned(200, PIXEL_FIELDS, GIF);
        pixelOverloaded = replies.canned(Refusal.OVERLOADED.status(), PIXEL_FIELDS, GIF);
        // RFC 9110, 11.6.1, wants a challenge. At one for Basic a browser would ask the reader of a page for a
        // password.
        pixelUnauthorized = replies.canned(
                Refusal.UNAUTHORIZED.status(),
                PIXEL_FIELDS
                        + lines(
                                "WWW-Authenticate: X-Write-Key realm=\"millrace\"",
                                status(Refusal.UNAUTHORIZED.code())),
                GIF);
        preflight = replies.bodiless(204, PREFLIGHT_FIELDS);
        final RejectionCode[] codes = RejectionCode.values();
        eventRejected = new CannedReply[codes.length];
        pixelRejected = new CannedReply[codes.length];
        for (final RejectionCode code : codes) {
            eventRejected[code.ordinal()] =
                    replies.json(400, "", "{\"error\":\"" + code.code() + "\",\"message\":\"" + code.message() + "\"}");
            pixelRejected[code.ordinal()] = replies.canned(200, PIXEL_FIELDS + lines(status(code.code())), GIF);
        }
    }

    private static String status(final String code) {
        return "X-Event-Status: " + code;
    }

    static String lines(final String... fields) {
        return String.join("\r\n", fields) + "\r\n";
    }

    CannedReply eventRejected(final RejectionCode code) {
        return eventRejected[code.ordinal()];
    }

    CannedReply pixelRejected(final RejectionCode code) {
        return pixelRejected[code.ordinal()];
    }
}
