package io.millrace.server.ingest;

import io.millrace.server.decode.PercentEncoding;
import io.millrace.server.decode.QueryParameter;
import io.millrace.server.http.RequestHead;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Whether a request carries a write key: in {@code X-Write-Key}, as the user name of Basic credentials, or as the query's
 * {@code writeKey}, of which the last counts if there are several. One of the three is enough, whatever the others hold:
 * credentials may be there for somebody else on the way.
 *
 * <p>Not thread-safe: one per event loop. Allocates nothing after construction.
 */
final class WriteKeyCheck {
    private static final int MAX_ENCODED_BYTES = 3 * WriteKeys.MAX_KEY_BYTES;

    private WriteKeys keys;
    private final QueryParameter parameter = new QueryParameter("writeKey");
    private final UnsafeBuffer decoded = new UnsafeBuffer(new byte[MAX_ENCODED_BYTES]);

    WriteKeyCheck(final WriteKeys keys) {
        this.keys = keys;
    }

    /** Takes other keys from the next request on. */
    void keys(final WriteKeys keys) {
        this.keys = keys;
    }

    /**
     * Judges a request; true if no key is needed.
     *
     * @param start the request's first byte
     */
    boolean passes(final RequestHead head, final UnsafeBuffer buffer, final int start) {
        return !keys.required()
                || keys.contains(buffer, start + head.writeKeyOffset(), head.writeKeyLength())
                || isUserName(buffer, start + head.authorizationOffset(), head.authorizationLength())
                || isParameter(buffer, start + head.queryOffset(), head.queryLength());
    }

    private boolean isUserName(final UnsafeBuffer buffer, final int from, final int length) {
        return keys.contains(decoded, 0, BasicCredentials.user(buffer, from, from + length, decoded));
    }

    private boolean isParameter(final UnsafeBuffer buffer, final int from, final int length) {
        if (!parameter.find(buffer, from, from + length)) {
            return false;
        }
        final int value = parameter.start();
        final int valueEnd = parameter.end();
        if (valueEnd - value > MAX_ENCODED_BYTES
                || PercentEncoding.decodedLength(buffer, value, valueEnd) == PercentEncoding.INVALID) {
            return false;
        }
        return keys.contains(decoded, 0, PercentEncoding.decode(buffer, value, valueEnd, decoded, 0));
    }
}
