package io.millrace.server.http;

/** Rules 9 and 10 of those that parsers get wrong: what follows a request, and the bounds of everything. */
final class ConnectionCases extends CaseList {
    ConnectionCases() {
        unreadBodies();
        endings();
        bounds();
    }

    private void unreadBodies() {
        section("rule 9: an unread body before the next request, on every path (9112-9.3)");
        final String[][] lines = {
            {"GET /pixel.gif?u=1&a=b&e=c", "200"},
            {"GET /pixel.gif", "200"},
            {"HEAD /pixel.gif", "200"},
            {"GET /x", "404"},
            {"POST /x", "404"},
            {"POST /pixel.gif", "405"},
            {"GET /events", "405"},
            {"HEAD /events", "405"},
            {"PUT /events", "405"},
            {"DELETE /pixel.gif", "405"},
            {"TRACE /events", "405"},
            {"PATCH /pixel.gif", "405"},
            {"OPTIONS /events", "204"},
            {"OPTIONS *", "204"},
            {"BREW /events", "501"},
        };
        for (final String[] line : lines) {
            final String begin = line[0] + " HTTP/1.1\r\n" + HOST;
            add(line[0] + ", a length", begin + length(GET.length()) + "\r\n" + GET + GET, line[1] + " 200");
            add(line[0] + ", chunks", begin + CHUNKED + "\r\n" + chunked(GET) + GET, line[1] + " 200");
            add(line[0] + ", a broken chunk", begin + CHUNKED + "\r\n5\r\nhelloX\r\n" + GET, "400 close");
            add(line[0] + ", too large", begin + "Content-Length: 1048577\r\n\r\n" + GET, "413 close");
            add(line[0] + ", not all of it", begin + length(100) + "\r\nhello", "");
        }
        final String event = length(LENGTH);
        add("no type that is taken", post(event + "Content-Type: text/html\r\n", EVENT) + GET, "415 200");
        add("no coding that is taken", post(event + "Content-Encoding: br\r\n", EVENT) + GET, "415 200");
        add("Expect, taken", post(event + "Expect: 100-continue\r\n", EVENT) + GET, "100 202 200");
        add("Expect, not met", post(event + "Expect: x\r\n", EVENT) + GET, "417 close");
        add(
                "Expect, to nowhere",
                "PUT /x HTTP/1.1\r\n" + HOST + event + "Expect: 100-continue\r\n\r\n" + EVENT + GET,
                "404 close");
        add(
                "Expect of a pixel with a body",
                PIXEL + HOST + event + "Expect: 100-continue\r\n\r\n" + EVENT + GET,
                "100 200 200");
        add(
                "three bodies in a row",
                (post(event, EVENT) + post(CHUNKED, chunked(EVENT))).repeat(3) + GET,
                "202 202 202 202 202 202 200");
    }

    private void endings() {
        section("rule 9: nothing after close, no 2xx for a truncated body (9112-9.6, 8)");
        final String close = "Connection: close\r\n";
        add("GET", PIXEL + HOST + close + "\r\n" + GET + GET, "200 close");
        add("POST", post(close + length(LENGTH), EVENT) + post(length(LENGTH), EVENT), "202 close");
        add("chunks", post(close + CHUNKED, chunked(EVENT)) + GET, "202 close");
        add("nowhere", "GET /x HTTP/1.1\r\n" + HOST + close + "\r\n" + GET, "404 close");
        add("OPTIONS", "OPTIONS * HTTP/1.1\r\n" + HOST + close + "\r\n" + GET, "204 close");
        add("HTTP/1.0", "GET /x HTTP/1.0\r\n\r\n" + GET, "404 close");
        add("behind one that stays", GET + PIXEL + HOST + close + "\r\n" + GET, "200 200 close");
        for (final int missing : new int[] {1, 2, LENGTH - 1, LENGTH}) {
            add(missing + " bytes missing", post(length(LENGTH), EVENT.substring(missing)), "");
        }
        final String chunks = chunked(EVENT);
        for (final int missing : new int[] {1, 2, 3, 4, 5, 6, 7, 8, 20, chunks.length() - 1}) {
            add(
                    missing + " bytes of chunks missing",
                    post(CHUNKED, chunks.substring(0, chunks.length() - missing)),
                    "");
        }
        add("a trailer missing its end", post(CHUNKED, chunk(EVENT) + "0\r\nX-A: b\r\n"), "");
        add("truncated behind a whole one", GET + post(length(LENGTH), "{"), "200");
        add("half a head", PIXEL + "Hos", "");
        add("a head without its last line", PIXEL + HOST, "");
        add("one byte", "G", "");
        add("only empty lines", "\r\n\r\n", "");
    }

    private void bounds() {
        section("rule 10: bounds of line, fields, extensions, trailers, empty lines and body (9112-3, 2.2, 7.1)");
        final int line = HttpLimits.DEFAULTS.requestLineBytes();
        final String begin = "GET /pixel.gif?u=1&a=b&e=c&x=";
        final String end = " HTTP/1.1";
        final String full = begin + "x".repeat(line - begin.length() - end.length());
        add("request line at its bound", full + end + "\r\n" + HOST + "\r\n", "200");
        add("request line above its bound", full + "x" + end + "\r\n" + HOST + "\r\n", "414 close");
        add("request line without end", full + "x".repeat(100), "414 close");
        final String fields = HOST + "X: ";
        final int room = HttpLimits.DEFAULTS.fieldBytes() - fields.length() - 4;
        add("fields at their bound", PIXEL + fields + "x".repeat(room) + "\r\n\r\n", "200");
        add("fields above their bound", PIXEL + fields + "x".repeat(room + 1) + "\r\n\r\n", "431 close");
        add("field name without end", PIXEL + "x".repeat(HttpLimits.DEFAULTS.fieldBytes() + 1), "431 close");
        final int count = HttpLimits.DEFAULTS.fieldCount();
        add("as many fields as allowed", PIXEL + HOST + "X:\r\n".repeat(count - 1) + "\r\n", "200");
        add("a field too many", PIXEL + HOST + "X:\r\n".repeat(count) + "\r\n", "431 close");
        final String te = "Transfer-Encoding: chunked\r\n";
        add("extension too long", post(te, "5;" + "x".repeat(9000) + "\r\nhello\r\n0\r\n\r\n"), "400 close");
        add("trailers too long", post(te, "0\r\nX: " + "x".repeat(17000) + "\r\n\r\n"), "431 close");
        add("trailers too many", post(te, "0\r\n" + "X:\r\n".repeat(101) + "\r\n"), "431 close");
        add(
                "a request line of 8,000 octets",
                begin + "x".repeat(8000 - begin.length() - end.length()) + end + "\r\n" + HOST + "\r\n" + GET,
                "200 200");
        add("a method of 32 bytes", "M".repeat(32) + " /x HTTP/1.1\r\n" + HOST + "\r\n" + GET, "501 200");
        add("a method without end", "M".repeat(40), "501 close");
        add(
                "extensions of all chunks together",
                post(te, ("1;a=" + "x".repeat(1000) + "\r\n{\r\n").repeat(9)),
                "400 close");
        add("the largest body announced", post("Content-Length: 1048576\r\n", "{"), "");
        add("the largest body and one", post("Content-Length: 1048577\r\n", "{"), "413 close");
        add("the largest chunk announced", post(te, "100000\r\n{"), "");
        add("the largest chunk and one", post(te, "100001\r\n{"), "413 close");
        add("a chunk that makes the body too large", post(te, "1\r\n{\r\n100000\r\n{"), "413 close");
        add(
                "as many trailers as allowed",
                post(te, chunk(EVENT) + "0\r\n" + "X:\r\n".repeat(count) + "\r\n") + GET,
                "202 200");
        add("four empty lines between", GET + "\r\n".repeat(4) + GET, "200 200");
        add("five empty lines between", GET + "\r\n".repeat(5) + GET, "200 400 close");
        add("empty lines without end", "\r\n".repeat(500), "400 close");
    }
}
