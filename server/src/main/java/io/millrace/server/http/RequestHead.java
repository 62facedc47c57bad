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
    private static final Method[] METHODS = Method.values();
    private static final ContentKind[] CONTENT_KINDS = ContentKind.values();
    private static final ContentCoding[] CONTENT_CODINGS = ContentCoding.values();
    private static final RequestHead NO_FIELDS = new RequestHead();

    boolean http10;
    boolean asterisk;
    int pathOffset;
    int pathLength;
    int queryOffset;
    int queryLength = ABSENT;
    int length;

    int hosts;
    boolean hostValid;
    long contentLength = ABSENT;
    boolean transferEncoding;
    boolean chunked;
    boolean close;
    boolean keepAlive;
    boolean expectContinue;
    boolean expectOther;
    int originOffset;
    int originLength = ABSENT;
    int writeKeyOffset;
    int writeKeyLength = ABSENT;
    int authorizationOffset;
    int authorizationLength = ABSENT;
    boolean globalPrivacyControl;

    // Numbers, since a reference that is stored costs the collector's barriers, here twice a request.
    private int method = Method.OTHER.ordinal();
    private int contentKind = ContentKind.NONE.ordinal();
    private int contentCoding = ContentCoding.IDENTITY.ordinal();
    private int route;

    void reset() {
        method = Method.OTHER.ordinal();
        http10 = false;
        asterisk = false;
        pathLength = 0;
        queryLength = ABSENT;
        length = 0;
        route = 0;
        takeFields(NO_FIELDS, 0);
    }

    /**
     * Takes over what the fields of another request say.
     *
     * @param shift how much further behind the request's first byte they are here
     */
    void takeFields(final RequestHead other, final int shift) {
        hosts = other.hosts;
        hostValid = other.hostValid;
        contentLength = other.contentLength;
        transferEncoding = other.transferEncoding;
        chunked = other.chunked;
        close = other.close;
        keepAlive = other.keepAlive;
        expectContinue = other.expectContinue;
        expectOther = other.expectOther;
        contentKind = other.contentKind;
        contentCoding = other.contentCoding;
        originOffset = other.originOffset + shift;
        originLength = other.originLength;
        writeKeyOffset = other.writeKeyOffset + shift;
        writeKeyLength = other.writeKeyLength;
        authorizationOffset = other.authorizationOffset + shift;
        authorizationLength = other.authorizationLength;
        globalPrivacyControl = other.globalPrivacyControl;
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
        return METHODS[method];
    }

    void method(final Method newMethod) {
        method = newMethod.ordinal();
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
        return CONTENT_KINDS[contentKind];
    }

    void contentKind(final ContentKind newKind) {
        contentKind = newKind.ordinal();
    }

    public ContentCoding contentCoding() {
        return CONTENT_CODINGS[contentCoding];
    }

    void contentCoding(final ContentCoding newCoding) {
        contentCoding = newCoding.ordinal();
    }

    /** Whether anything but {@code 100-continue} is expected. HTTP/1.0 expects nothing (RFC 9110, 10.1.1). */
    public boolean expectsOther() {
        return expectOther && !http10;
    }

    boolean expects() {
        return (expectContinue || expectOther) && !http10;
    }

    /** Whether the connection is to stay open: RFC 9112, 9.3. */
    public boolean persistent() {
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

    /** Whether the client says {@code Sec-GPC: 1}. */
    public boolean globalPrivacyControl() {
        return globalPrivacyControl;
    }

    /** What the endpoint noted when it admitted the request. */
    public int route() {
        return route;
    }

    public void route(final int route) {
        this.route = route;
    }
}
