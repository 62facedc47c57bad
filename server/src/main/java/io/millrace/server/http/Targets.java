package io.millrace.server.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.agrona.concurrent.UnsafeBuffer;

/** The four forms of a request's target: RFC 9112, 3.2. */
final class Targets {
    private static final byte[] HTTP = "http://".getBytes(US_ASCII);
    private static final byte[] HTTPS = "https://".getBytes(US_ASCII);

    private Targets() {}

    /**
     * Reads a target into the head.
     *
     * @param start the request's first byte
     * @param query the index behind the first question mark, or -1
     * @return false if the target has none of the forms
     */
    static boolean read(
            final RequestHead head,
            final UnsafeBuffer buffer,
            final int start,
            final int from,
            final int to,
            final int query) {
        final int pathEnd = query < 0 ? to : query - 1;
        if (query >= 0) {
            head.queryOffset = query - start;
            head.queryLength = to - query;
        }
        final byte first = buffer.getByte(from);
        if (first == '/') {
            // 3.2.1: origin-form
            path(head, start, from, pathEnd);
            return true;
        }
        if (head.method == Method.CONNECT) {
            // 3.2.3: authority-form
            return Authority.isValid(buffer, from, to);
        }
        if (first == '*') {
            // 3.2.4: asterisk-form
            head.asterisk = true;
            return to - from == 1 && head.method == Method.OPTIONS;
        }
        return absolute(head, buffer, start, from, pathEnd);
    }

    /** 3.2.2: absolute-form. The authority must be valid; as every authority is served, it needs no comparing. */
    private static boolean absolute(
            final RequestHead head, final UnsafeBuffer buffer, final int start, final int from, final int pathEnd) {
        final int authority;
        if (pathEnd - from > HTTP.length && HttpBytes.equalsIgnoreCase(buffer, from, HTTP.length, HTTP)) {
            authority = from + HTTP.length;
        } else if (pathEnd - from > HTTPS.length && HttpBytes.equalsIgnoreCase(buffer, from, HTTPS.length, HTTPS)) {
            authority = from + HTTPS.length;
        } else {
            return false;
        }
        int path = authority;
        while (path < pathEnd && buffer.getByte(path) != '/') {
            path++;
        }
        path(head, start, path, pathEnd);
        return Authority.isValid(buffer, authority, path);
    }

    private static void path(final RequestHead head, final int start, final int from, final int to) {
        head.pathOffset = from - start;
        head.pathLength = to - from;
    }
}
