package io.millrace.server.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * All canned replies of one event loop, the date in them, and the origins that may read them.
 *
 * <p>Not thread-safe. Made at the start; rewriting the date allocates, once a second.
 */
public final class Replies {
    private static final String JSON_TYPE = "Content-Type: application/json\r\n";

    /** Caches may keep some of them otherwise (RFC 9110, 15.1), and what they say depends on Origin. */
    private static final String REFUSAL_FIELDS = "Cache-Control: no-store\r\n";

    private final CorsPolicy cors;
    private final List<CannedReply> all = new ArrayList<>();
    private final CannedReply[] refusals = new CannedReply[Refusal.values().length];
    private long dateSecond = Long.MIN_VALUE;

    /**
     * Makes the refusals; other replies are added by whoever needs them.
     *
     * @param cors who may read the replies
     */
    public Replies(final CorsPolicy cors) {
        this.cors = cors;
        for (final Refusal refusal : Refusal.values()) {
            refusals[refusal.ordinal()] = json(
                    refusal.status(),
                    REFUSAL_FIELDS + refusal.fields(),
                    "{\"error\":\"" + refusal.code() + "\",\"message\":\"" + refusal.message() + "\"}");
        }
    }

    /** A reply with a body of JSON. */
    public CannedReply json(final int status, final String fields, final String json) {
        return canned(status, JSON_TYPE + fields, json.getBytes(UTF_8));
    }

    /** A reply with any body; {@code fields} has its type. */
    public CannedReply canned(final int status, final String fields, final byte[] body) {
        return add(new CannedReply(status, fields + "Content-Length: " + body.length + "\r\n", body));
    }

    /** A reply without a body or a length, which only 204 and 304 may be (RFC 9110, 8.6). */
    public CannedReply bodiless(final int status, final String fields) {
        return add(new CannedReply(status, fields, new byte[0]));
    }

    /** The head of a JSON reply whose length and body come later: see {@link ReplyBuffer#json}. */
    public CannedReply openJson(final int status) {
        return add(new CannedReply(status, JSON_TYPE, new byte[0]));
    }

    CorsPolicy cors() {
        return cors;
    }

    CannedReply of(final Refusal refusal) {
        return refusals[refusal.ordinal()];
    }

    /** Rewrites the date if another second has begun. */
    void date(final long epochMillis) {
        final long second = Math.floorDiv(epochMillis, TimeUnit.SECONDS.toMillis(1));
        if (second != dateSecond) {
            dateSecond = second;
            final byte[] date = ReplyDate.of(second);
            for (final CannedReply reply : all) {
                reply.date(date);
            }
        }
    }

    /** Gives back the memory of what was prebuilt; it is built again when it is needed. */
    void release() {
        all.forEach(CannedReply::releaseRun);
    }

    private CannedReply add(final CannedReply reply) {
        reply.date(ReplyDate.PLACEHOLDER.getBytes(US_ASCII));
        all.add(reply);
        return reply;
    }
}
