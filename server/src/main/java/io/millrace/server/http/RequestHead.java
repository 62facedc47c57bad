package io.millrace.server.http;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What the head of one request says, as numbers. Offsets are relative to the request's first byte, so they hold when the
 * bytes are moved; a length of -1 means that there is no such field.
 *
 * <p>Reusable; not thread-safe: one per connection. The bytes themselves stay in the connection's hands, which passes
 * them beside this object.
 */
public final class RequestHead {
    private static final int ABSENT = -1;

    Method method;
    boolean http10;
    boolean asterisk;
    int pathOffset;
    int pathLength;
    int queryOffset;
    int queryLength;
    int length;

    int hosts;
    boolean hostValid;
    long contentLength;
    boolean transferEncoding;
    boolean chunked;
    boolean close;
    boolean keepAlive;
    boolean expectContinue;
    boolean expectOther;
    ContentCoding contentCoding;
    ContentKind contentKind;
    int originOffset;
    int originLength;
    int writeKeyOffset;
    int writeKeyLength;
    int authorizationOffset;
    int authorizationLength;

    private int route;

    void reset() {
        method = Method.OTHER;
        http10 = false;
        asterisk = false;
        pathLength = 0;
        queryLength = ABSENT;
        length = 0;
        hosts = 0;
        hostValid = false;
        contentLength = ABSENT;
        transferEncoding = false;
        chunked = false;
        close = false;
        keepAlive = false;
        expectContinue = false;
        expectOther = false;
        contentCoding = ContentCoding.IDENTITY;
        contentKind = ContentKind.NONE;
        originLength = ABSENT;
        writeKeyLength = ABSENT;
        authorizationLength = ABSENT;
        route = 0;
    }

    /**
     * The bytes are given up: from here on only numbers are known, and the Origin, which the reply needs.
     *
     * @return a copy of the Origin: the request's bytes in the calls to come
     */
    UnsafeBuffer forgetBytes(final DirectBuffer buffer, final int start) {
        final byte[] origin = new byte[Math.max(0, Math.min(originLength, CorsPolicy.MAX_ORIGIN_BYTES))];
        if (origin.length > 0) {
            buffer.getBytes(start + originOffset, origin);
        }
        originOffset = 0;
        writeKeyLength = ABSENT;
        authorizationLength = ABSENT;
        return new UnsafeBuffer(origin);
    }

    public Method method() {
        return method;
    }

    public int pathOffset() {
        return pathOffset;
    }

    /** Zero for {@code *}, and for a target in absolute-form without a path. */
    public int pathLength() {
        return pathLength;
    }

    /** Whether the path is exactly these bytes. */
    public boolean pathIs(final DirectBuffer buffer, final int requestOffset, final byte[] path) {
        return HttpBytes.equals(buffer, requestOffset + pathOffset, pathLength, path);
    }

    /** The first byte behind the question mark; meaningful if there is a query. */
    public int queryOffset() {
        return queryOffset;
    }

    /** -1 if there is no query. */
    public int queryLength() {
        return queryLength;
    }

    /** Whether a length of the body was given, by Content-Length or by chunks. */
    public boolean framed() {
        return contentLength >= 0 || chunked;
    }

    /** Whether a body follows. A chunked one may turn out to be empty. */
    public boolean hasBody() {
        return contentLength > 0 || chunked;
    }

    public ContentKind contentKind() {
        return contentKind;
    }

    public ContentCoding contentCoding() {
        return contentCoding;
    }

    /** Whether anything but {@code 100-continue} is expected. HTTP/1.0 expects nothing (RFC 9110, 10.1.1). */
    public boolean expectsOther() {
        return expectOther && !http10;
    }

    boolean expects() {
        return (expectContinue || expectOther) && !http10;
    }

    /** RFC 9112, 9.3. */
    boolean persistent() {
        return !close && (!http10 || keepAlive);
    }

    public int originOffset() {
        return originOffset;
    }

    /** -1 if there is no Origin. */
    public int originLength() {
        return originLength;
    }

    public int writeKeyOffset() {
        return writeKeyOffset;
    }

    /** Of X-Write-Key; -1 if there is none. */
    public int writeKeyLength() {
        return writeKeyLength;
    }

    public int authorizationOffset() {
        return authorizationOffset;
    }

    /** -1 if there is no Authorization. */
    public int authorizationLength() {
        return authorizationLength;
    }

    /** What the endpoint noted when it admitted the request. */
    public int route() {
        return route;
    }

    public void route(final int route) {
        this.route = route;
    }
}
