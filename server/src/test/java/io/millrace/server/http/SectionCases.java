package io.millrace.server.http;

/** What RFC 9110 and 9112 say of requests, section by section, but for the ten rules that have lists of their own. */
final class SectionCases extends CaseList {
    SectionCases() {
        requestLines();
        targets();
        persistence();
        expectations();
        methods();
        contents();
    }

    private void requestLines() {
        section("9112-3 request line");
        add("pixel", GET, "200");
        add("two in a row", GET + GET, "200 200");
        add("one empty line before", "\r\n" + GET, "200");
        add("four empty lines before", "\r\n\r\n\r\n\r\n" + GET, "200");
        add("five empty lines before", "\r\n\r\n\r\n\r\n\r\n" + GET, "400 close");
        add("empty line between", GET + "\r\n" + GET, "200 200");
        add("bare LF before", "\n" + GET, "400 close");
        add("bare CR before", "\r" + GET, "400 close");
        add("space before", " " + GET, "400 close");
        add("tab before", "\t" + GET, "400 close");
        add("two spaces after the method", "GET  /pixel.gif HTTP/1.1\r\n" + HOST + "\r\n", "400 close");
        add("two spaces after the target", "GET /pixel.gif  HTTP/1.1\r\n" + HOST + "\r\n", "400 close");
        add("tab for space", "GET\t/pixel.gif HTTP/1.1\r\n" + HOST + "\r\n", "400 close");
        add("tab after the target", "GET /pixel.gif\tHTTP/1.1\r\n" + HOST + "\r\n", "400 close");
        add("space after the version", "GET /pixel.gif HTTP/1.1 \r\n" + HOST + "\r\n", "400 close");
        add("no version", "GET /pixel.gif\r\n" + HOST + "\r\n", "400 close");
        add("no target", "GET HTTP/1.1\r\n" + HOST + "\r\n", "400 close");
        add("LF for CRLF", "GET /pixel.gif HTTP/1.1\nHost: a\n\n", "400 close");
        add("CR without LF", "GET /pixel.gif HTTP/1.1\rHost: a\r\n\r\n", "400 close");
        add("NUL in the target", "GET /pixel\0.gif HTTP/1.1\r\n" + HOST + "\r\n", "400 close");
        add("DEL in the target", "GET /pixel\u007f.gif HTTP/1.1\r\n" + HOST + "\r\n", "400 close");
        add("raw UTF-8 in the target", "GET /pixel.gif?u=\u00c3\u00a4 HTTP/1.1\r\n" + HOST + "\r\n", "400 close");
        add("fragment", "GET /pixel.gif#x HTTP/1.1\r\n" + HOST + "\r\n", "400 close");
        add("CR in the target", "GET /pixel\r.gif HTTP/1.1\r\n" + HOST + "\r\n", "400 close");
        add("method no token", "G@T /pixel.gif HTTP/1.1\r\n" + HOST + "\r\n", "400 close");
        add("version in lower case", "GET /pixel.gif http/1.1\r\n" + HOST + "\r\n", "400 close");
        add("version of two digits", "GET /pixel.gif HTTP/1.10\r\n" + HOST + "\r\n", "400 close");
        add("version without minor", "GET /pixel.gif HTTP/1\r\n" + HOST + "\r\n", "400 close");
        add("version with plus", "GET /pixel.gif HTTP/+1.1\r\n" + HOST + "\r\n", "400 close");
        add("other protocol", "GET /pixel.gif HTTQ/1.1\r\n" + HOST + "\r\n", "400 close");
        add("HTTP/1.2 is served as 1.1", "GET /pixel.gif?u=1&a=b&e=c HTTP/1.2\r\n" + HOST + "\r\n", "200");
        add("HTTP/2.0", "GET /pixel.gif HTTP/2.0\r\n" + HOST + "\r\n", "505 close");
        add("HTTP/0.9", "GET /pixel.gif HTTP/0.9\r\n" + HOST + "\r\n", "505 close");
        add("HTTP/3.7", "GET /pixel.gif HTTP/3.7\r\n" + HOST + "\r\n", "505 close");
        add("HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "505 close");
        add("TLS hello", "\u0016\u0003\u0001\u0002\0\u0001", "400 close");
    }

    private void targets() {
        section("9112-3.2 target");
        add("relative", "GET pixel.gif HTTP/1.1\r\n" + HOST + "\r\n", "400 close");
        add("asterisk for GET", "GET * HTTP/1.1\r\n" + HOST + "\r\n", "400 close");
        add("asterisk for OPTIONS", "OPTIONS * HTTP/1.1\r\n" + HOST + "\r\n", "204");
        add("asterisk and more", "OPTIONS *x HTTP/1.1\r\n" + HOST + "\r\n", "400 close");
        add("authority for CONNECT", "CONNECT a:443 HTTP/1.1\r\n" + HOST + "\r\n", "501 close");
        add("unknown path", "GET /nothing HTTP/1.1\r\n" + HOST + "\r\n" + GET, "404 200");
        add("path with slash at its end", "GET /events/ HTTP/1.1\r\n" + HOST + "\r\n" + GET, "404 200");
        add(
                "bytes that browsers leave raw",
                "GET /pixel.gif?u={|}^`\\\"<>&a=b&e=c HTTP/1.1\r\n" + HOST + "\r\n",
                "200");
        add("question marks in the query", "GET /pixel.gif?u=?&a=b&e=c? HTTP/1.1\r\n" + HOST + "\r\n", "200");
    }

    private void persistence() {
        section("9112-9.3 persistence");
        add("close", PIXEL + HOST + "Connection: close\r\n\r\n" + GET, "200 close");
        add("close in a list", PIXEL + HOST + "Connection: x, CLOSE\t,y\r\n\r\n" + GET, "200 close");
        add(
                "close beats keep-alive",
                PIXEL + HOST + "Connection: keep-alive\r\nConnection: close\r\n\r\n" + GET,
                "200 close");
        add("keep-alive", PIXEL + HOST + "Connection: keep-alive\r\n\r\n" + GET, "200 200");
        add("closed is not close", PIXEL + HOST + "Connection: closed\r\n\r\n" + GET, "200 200");
        add("HTTP/1.0", "GET /pixel.gif?u=1&a=b&e=c HTTP/1.0\r\n\r\n" + GET, "200 close");
        add(
                "HTTP/1.0 keep-alive",
                "GET /pixel.gif?u=1&a=b&e=c HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n" + GET,
                "200 200");
        add("HTTP/1.0 POST", "POST /events HTTP/1.0\r\nContent-Length: " + LENGTH + "\r\n\r\n" + EVENT, "202 close");
        add("nothing behind an error in framing", "GET /pixel.gif HTTP/1.1\r\n\r\n" + GET, "400 close");
    }

    private void expectations() {
        section("9110-10.1.1 Expect");
        final String body = "Content-Length: " + LENGTH + "\r\n";
        add("100-continue", post(body + "Expect: 100-continue\r\n", EVENT) + GET, "100 202 200");
        add("100-Continue", post(body + "Expect: 100-Continue\r\n", EVENT), "100 202");
        add("chunked", post("Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n", chunked(EVENT)), "100 202");
        add("without a body", PIXEL + HOST + "Expect: 100-continue\r\n\r\n", "200");
        add("other", PIXEL + HOST + "Expect: 200-ok\r\n\r\n" + GET, "417 200");
        add("other, with a body", post(body + "Expect: 200-ok\r\n", EVENT) + GET, "417 close");
        add(
                "to nowhere",
                "POST /x HTTP/1.1\r\n" + HOST + body + "Expect: 100-continue\r\n\r\n" + EVENT + GET,
                "404 close");
        add("too large", post("Content-Length: 99999999\r\nExpect: 100-continue\r\n", ""), "413 close");
        add("HTTP/1.0", "POST /events HTTP/1.0\r\n" + body + "Expect: 100-continue\r\n\r\n" + EVENT, "202 close");
    }

    private void methods() {
        section("9110-9 methods");
        for (final String method : new String[] {"PUT", "DELETE", "PATCH", "TRACE", "POST"}) {
            add(method + " of the pixel", method + " /pixel.gif HTTP/1.1\r\n" + HOST + "\r\n" + GET, "405 200");
        }
        for (final String method : new String[] {"GET", "HEAD", "PUT"}) {
            add(method + " of events", method + " /events HTTP/1.1\r\n" + HOST + "\r\n" + GET, "405 200");
            add(
                    method + " of events with a body",
                    method + " /events HTTP/1.1\r\n" + HOST + "Content-Length: " + GET.length() + "\r\n\r\n" + GET
                            + GET,
                    "405 200");
        }
        for (final String method : new String[] {"get", "Get", "BREW", "GETT", "X-1"}) {
            add(method, method + " /pixel.gif HTTP/1.1\r\n" + HOST + "\r\n" + GET, "501 200");
        }
        add("too long a method", "M".repeat(33) + " / HTTP/1.1\r\n" + HOST + "\r\n", "501 close");
        add("HEAD", "HEAD /pixel.gif?u=1&a=b&e=c HTTP/1.1\r\n" + HOST + "\r\n" + GET, "200 200");
        add("HEAD of nothing", "HEAD /x HTTP/1.1\r\n" + HOST + "\r\n" + GET, "404 200");
        add("OPTIONS", "OPTIONS /events HTTP/1.1\r\n" + HOST + "Origin: http://b\r\n\r\n" + GET, "204 200");
        for (final String line :
                new String[] {"GET /pixel.gif?u=1&a=b&e=c", "HEAD /pixel.gif?u=1&a=b&e=c", "OPTIONS /events", "GET /x"
                }) {
            final String status = line.startsWith("O") ? "204" : line.endsWith("x") ? "404" : "200";
            add(
                    line + " with a body that looks like a request",
                    line + " HTTP/1.1\r\n" + HOST + "Content-Length: " + GET.length() + "\r\n\r\n" + GET + GET,
                    status + " 200");
        }
    }

    private void contents() {
        section("9110-8.3 content");
        final String length = "Content-Length: " + LENGTH + "\r\n";
        for (final String type : new String[] {
            "application/json",
            "Application/JSON",
            "application/json; charset=utf-8",
            "application/json;charset=UTF-8",
            "text/plain",
            "text/plain;charset=UTF-8",
            "application/x-ndjson"
        }) {
            add(type, post(length + "Content-Type: " + type + "\r\n", EVENT) + GET, "202 200");
        }
        for (final String type :
                new String[] {"", "text/html", "application/jsonx", "application/x-www-form-urlencoded", "json", "/"}) {
            add("type " + type, post(length + "Content-Type: " + type + "\r\n", EVENT) + GET, "415 200");
        }
        add(
                "two types",
                post(length + "Content-Type: text/plain\r\nContent-Type: text/plain\r\n", EVENT) + GET,
                "415 200");
        for (final String coding : new String[] {"Identity", "", "identity, identity", ",", " ,\tidentity , "}) {
            add("coding " + coding, post(length + "Content-Encoding: " + coding + "\r\n", EVENT) + GET, "202 200");
        }
        for (final String coding : new String[] {"gzip", "x-gzip", "GZIP", "X-Gzip", "identity, gzip", ",gzip,"}) {
            add("no " + coding, post(length + "Content-Encoding: " + coding + "\r\n", EVENT) + GET, "400 200");
        }
        for (final String coding :
                new String[] {"deflate", "br", "zstd", "gzip, gzip", "gzip, br", "br,gzip", "gzip;q=1", "gzipx", "*"}) {
            add("coding " + coding, post(length + "Content-Encoding: " + coding + "\r\n", EVENT) + GET, "415 200");
        }
        add(
                "two codings",
                post(length + "Content-Encoding: gzip\r\nContent-Encoding: gzip\r\n", EVENT) + GET,
                "415 200");
        add(
                "two codings, one of them none",
                post(length + "Content-Encoding: identity\r\nContent-Encoding: gzip\r\n", EVENT) + GET,
                "400 200");
        add("malformed", post("Content-Length: 3\r\nContent-Type: application/json\r\n", "{\"x") + GET, "400 200");
        add("empty array", post("Content-Length: 2\r\nContent-Type: application/json\r\n", "[]") + GET, "400 200");
        add("incomplete event", post("Content-Length: 2\r\nContent-Type: application/json\r\n", "{}") + GET, "400 200");
        add("rejected pixel", "GET /pixel.gif HTTP/1.1\r\n" + HOST + "\r\n" + GET, "200 200");
    }
}
