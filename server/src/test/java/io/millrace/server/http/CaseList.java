package io.millrace.server.http;

import java.util.ArrayList;
import java.util.List;

/** Gathers cases, a section after the other. */
abstract class CaseList {
    static final String EVENT = "{\"user_id\":\"u\",\"action\":\"a\",\"element\":\"e\"}";
    static final int LENGTH = EVENT.length();
    static final String HOST = "Host: a\r\n";

    /** A pixel's request line. */
    static final String PIXEL = "GET /pixel.gif?u=1&a=b&e=c HTTP/1.1\r\n";

    /** A whole request, answered 200. */
    static final String GET = PIXEL + HOST + "\r\n";

    static final String CHUNKED = "Transfer-Encoding: chunked\r\n";

    private final List<Case> cases = new ArrayList<>();
    private String section = "";

    final void section(final String name) {
        section = name;
    }

    /** Adds a case; {@code expected} are the statuses, and {@code close} if the connection must close. */
    final void add(final String name, final String text, final String expected) {
        cases.add(new Case(section, name, text, expected));
    }

    final List<Case> cases() {
        return List.copyOf(cases);
    }

    static String post(final String fields, final String body) {
        return "POST /events HTTP/1.1\r\n" + HOST + fields + "\r\n" + body;
    }

    static String length(final int length) {
        return "Content-Length: " + length + "\r\n";
    }

    /** The body in one chunk, and its end. */
    static String chunked(final String body) {
        return chunk(body) + "0\r\n\r\n";
    }

    static String chunk(final String data) {
        return Integer.toHexString(data.length()) + "\r\n" + data + "\r\n";
    }
}
