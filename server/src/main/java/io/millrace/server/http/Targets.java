package io.millrace.server.http;

import org.agrona.concurrent.UnsafeBuffer;

/** The four forms of a request's target: RFC 9112, 3.2. */
final class Targets {
    private static final CaselessText HTTP = CaselessText.of("http://");
    private static final CaselessText HTTPS = CaselessText.of("https://");

    private Targets() {}

    /**
     * Reads a target into the head.
     *
     * @param start the request's first byte
     * @return false if the target has none of the forms
     */
    static boolean read(
            final RequestHead head, final UnsafeBuffer buffer, final int start, final int from, final int to) {
        final int pathEnd = HeadScanner.findQuestionMark(buffer, from, to);
        if (pathEnd < to) {
            head.queryOffset = pathEnd + 1 - start;
            head.queryLength = to - pathEnd - 1;
        }
        final byte first = buffer.getByte(from);
        if (first == '/') {
            // 3.2.1: origin-form
            path(head, start, from, pathEnd);
            return true;
        }
        if (head.method() == Method.CONNECT) {
            // 3.2.3: authority-form
            return Authority.isValid(buffer, from, to);
        }
        if (first == '*') {
            // 3.2.4: asterisk-form
            head.asterisk = true;
            return to - from == 1 && head.method() == Method.OPTIONS;
        }
        return absolute(head, buffer, start, from, pathEnd);
    }

    /** 3.2.2: absolute-form. The authority must be valid; as every authority is served, it needs no comparing. */
    private static boolean absolute(
            final RequestHead head, final UnsafeBuffer buffer, final int start, final int from, final int pathEnd) {
        final int authority;
        if (pathEnd - from > HTTP.length() && HTTP.matches(buffer, from, HTTP.length())) {
            authority = from + HTTP.length();
        } else if (pathEnd - from > HTTPS.length() && HTTPS.matches(buffer, from, HTTPS.length())) {
            authority = from + HTTPS.length();
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
