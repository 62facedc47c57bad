package io.millrace.server.http;

import java.util.ArrayList;
import java.util.List;

/** What RFC 9110 and 9112 say of requests, case by case, grouped by section. */
public final class ConformanceCases {
    private static final String EVENT = "{\"user_id\":\"u\",\"action\":\"a\",\"element\":\"e\"}";
    private static final String PIXEL = "GET /pixel.gif?u=1&a=b&e=c HTTP/1.1\r\n";
    private static final String HOST = "Host: a\r\n";
    private static final String GET = PIXEL + HOST + "\r\n";
    private static final int LENGTH = EVENT.length();

    private final List<Case> cases = new ArrayList<>();
    private String section = "";

    private ConformanceCases() {}

    public static List<Case> all() {
        final ConformanceCases all = new ConformanceCases();
        all.requestLines();
        all.targets();
        all.fields();
        all.hosts();
        all.contentLengths();
        all.transferEncodings();
        all.chunks();
        all.persistence();
        all.expectations();
        all.methods();
        all.contents();
        all.bounds();
        return List.copyOf(all.cases);
    }

    private void add(final String name, final String text, final String expected) {
        cases.add(new Case(section, name, text, expected));
    }

    private void requestLines() {
        section = "9112-3 request line";
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
        section = "9112-3.2 target";
        add("absolute-form", "GET http://a/pixel.gif?u=1&a=b&e=c HTTP/1.1\r\n" + HOST + "\r\n", "200");
        add("absolute-form, other host", "GET http://b:8080/pixel.gif?u=1&a=b&e=c HTTP/1.1\r\n" + HOST + "\r\n", "200");
        add("absolute-form, upper case", "GET HTTP://a/pixel.gif?u=1&a=b&e=c HTTP/1.1\r\n" + HOST + "\r\n", "200");
        add("absolute-form, https", "GET https://a/pixel.gif?u=1&a=b&e=c HTTP/1.1\r\n" + HOST + "\r\n", "200");
        add("absolute-form without path", "GET http://a HTTP/1.1\r\n" + HOST + "\r\n", "404");
        add("absolute-form without path but query", "GET http://a?u=1 HTTP/1.1\r\n" + HOST + "\r\n", "404");
        add("absolute-form without Host", "GET http://a/pixel.gif HTTP/1.1\r\n\r\n", "400 close");
        add("absolute-form with userinfo", "GET http://u@a/pixel.gif HTTP/1.1\r\n" + HOST + "\r\n", "400 close");
        add("absolute-form with empty host", "GET http:///pixel.gif HTTP/1.1\r\n" + HOST + "\r\n", "400 close");
        add("absolute-form with bad port", "GET http://a:8x/pixel.gif HTTP/1.1\r\n" + HOST + "\r\n", "400 close");
        add("absolute-form, other scheme", "GET ftp://a/pixel.gif HTTP/1.1\r\n" + HOST + "\r\n", "400 close");
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

    private void fields() {
        section = "9112-5 fields";
        add("space before the colon", PIXEL + "Host : a\r\n\r\n", "400 close");
        add("tab before the colon", PIXEL + HOST + "X-A\t: a\r\n\r\n", "400 close");
        add("no colon", PIXEL + HOST + "X-A\r\n\r\n", "400 close");
        add("empty name", PIXEL + HOST + ": a\r\n\r\n", "400 close");
        add("name no token", PIXEL + HOST + "X@A: a\r\n\r\n", "400 close");
        add("name with NUL", PIXEL + HOST + "X\0A: a\r\n\r\n", "400 close");
        add("name with obs-text", PIXEL + HOST + "X\u00e4: a\r\n\r\n", "400 close");
        add("every byte of a token", PIXEL + HOST + "!#$%&'*+-.^_`|~09azAZ: a\r\n\r\n", "200");
        add("obs-fold with space", PIXEL + HOST + "X-A: a\r\n b\r\n\r\n", "400 close");
        add("obs-fold with tab", PIXEL + HOST + "X-A: a\r\n\tb\r\n\r\n", "400 close");
        add("first field led by space", PIXEL + " Host: a\r\n\r\n", "400 close");
        add("only space in a line", PIXEL + HOST + " \r\n\r\n", "400 close");
        add("bare CR in a value", PIXEL + HOST + "X-A: a\rb\r\n\r\n", "400 close");
        add("bare LF in a value", PIXEL + HOST + "X-A: a\nX-B: b\r\n\r\n", "400 close");
        add("LF for the last CRLF", PIXEL + HOST + "\n", "400 close");
        add("CR CR LF", PIXEL + HOST + "X-A: a\r\r\n\r\n", "400 close");
        add("NUL in a value", PIXEL + HOST + "X-A: a\0b\r\n\r\n", "400 close");
        add("DEL in a value", PIXEL + HOST + "X-A: a\u007fb\r\n\r\n", "400 close");
        add("VT in a value", PIXEL + HOST + "X-A: \u000ba\r\n\r\n", "400 close");
        add("obs-text in a value", PIXEL + HOST + "X-A: \u00e4\u00ff\r\n\r\n", "200");
        add("tab in a value", PIXEL + HOST + "X-A: a\tb\r\n\r\n", "200");
        add("empty value", PIXEL + HOST + "X-A:\r\nX-B: \r\n\r\n", "200");
        add("no space before the value", PIXEL + "Host:a\r\n\r\n", "200");
        add("space and tab around the value", PIXEL + "Host: \t a \t \r\n\r\n", "200");
        add("tab around a length", post("Content-Length:\t" + LENGTH + "\t\r\n", EVENT), "202");
        add(
                "names in any case",
                "POST /events HTTP/1.1\r\nhOsT: a\r\ncONTENT-lENGTH: " + LENGTH + "\r\n\r\n" + EVENT,
                "202");
    }

    private void hosts() {
        section = "9112-3.2 Host";
        add("missing", PIXEL + "\r\n", "400 close");
        add("missing in HTTP/1.0", "GET /pixel.gif?u=1&a=b&e=c HTTP/1.0\r\n\r\n", "200 close");
        add("doubled, equal", PIXEL + HOST + HOST + "\r\n", "400 close");
        add("doubled, different", PIXEL + HOST + "Host: b\r\n\r\n", "400 close");
        add("doubled in HTTP/1.0", "GET /pixel.gif HTTP/1.0\r\n" + HOST + HOST + "\r\n", "400 close");
        for (final String host : new String[] {
            "",
            "user@a",
            "a:80x",
            "a\\b",
            "[::1",
            "::1",
            "a b",
            "a,b",
            "a/b",
            "[::1]x",
            "[::1]:",
            "a:b:80",
            "[]",
            "[v1.a]",
            "a%2",
            "a%zz",
            "a:65536",
            "http://a",
            "a?b",
            "<a>",
            "[fe80::1%25en0]"
        }) {
            final boolean valid = "[::1]:".equals(host) || "a,b".equals(host);
            add("Host: " + host, PIXEL + "Host: " + host + "\r\n\r\n", valid ? "200" : "400 close");
        }
        for (final String host :
                new String[] {"a", "a:", "a:80", "127.0.0.1:8080", "[::1]:80", "[::1]", "a_b", "a%20b", "A-1.Example."
                }) {
            add("Host: " + host, PIXEL + "Host: " + host + "\r\n\r\n", "200");
        }
    }

    private void contentLengths() {
        section = "9112-6.3 Content-Length";
        add("right", post("Content-Length: " + LENGTH + "\r\n", EVENT) + GET, "202 200");
        add("leading zeros", post("Content-Length: 000" + LENGTH + "\r\n", EVENT), "202");
        add("missing", post("", ""), "411 close");
        for (final String length : new String[] {
            "",
            "+5",
            "-5",
            "-0",
            "0x5",
            "5 5",
            "5;",
            "5.0",
            "5,",
            ",5",
            "5,,5",
            "5, 6",
            "a",
            "\"5\"",
            "5_0",
            "9223372036854775808",
            "18446744073709551621",
            "99999999999999999999999999"
        }) {
            add("Content-Length: " + length, post("Content-Length: " + length + "\r\n", "hello"), "400 close");
        }
        add("2^31", post("Content-Length: 2147483648\r\n", "hello"), "413 close");
        add("2^32 + 5", post("Content-Length: 4294967301\r\n", "hello"), "413 close");
        add(
                "repeated, equal",
                post("Content-Length: " + LENGTH + "\r\nContent-Length: " + LENGTH + "\r\n", EVENT) + GET,
                "202 200");
        add("listed, equal", post("Content-Length: " + LENGTH + ", " + LENGTH + "\r\n", EVENT) + GET, "202 200");
        add("repeated, different", post("Content-Length: 5\r\nContent-Length: 6\r\n", "hello!"), "400 close");
        add("no body", post("Content-Length: 0\r\n", "") + GET, "400 200");
        add("above the bound", post("Content-Length: 1048577\r\n", ""), "413 close");
        add(
                "above the bound, to nowhere",
                "POST /x HTTP/1.1\r\n" + HOST + "Content-Length: 1048577\r\n\r\n",
                "413 close");
        add("truncated", post("Content-Length: " + (LENGTH + 1) + "\r\n", EVENT), "");
    }

    private void transferEncodings() {
        section = "9112-6.1 Transfer-Encoding";
        final String chunks = "0\r\n\r\n";
        add("with Content-Length", post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", chunks), "400 close");
        add("before Content-Length", post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", chunks), "400 close");
        add("with Content-Length: 0", post("Content-Length: 0\r\nTransfer-Encoding: chunked\r\n", chunks), "400 close");
        add("in upper case", post("Transfer-Encoding: CHUNKED\r\n", chunked(EVENT)), "202");
        add("gzip, chunked", post("Transfer-Encoding: gzip, chunked\r\n", chunks), "501 close");
        for (final String coding : new String[] {
            "",
            "gzip",
            "identity",
            "chunked, gzip",
            "chunked;q=1",
            "xchunked",
            "chunkedx",
            "\"chunked\"",
            "chunked,",
            "chunk"
        }) {
            add("Transfer-Encoding: " + coding, post("Transfer-Encoding: " + coding + "\r\n", chunks), "400 close");
        }
        add("chunked, chunked", post("Transfer-Encoding: chunked, chunked\r\n", chunks), "501 close");
        add("twice", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", chunks), "400 close");
        add(
                "identity, then chunked",
                post("Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n", chunks),
                "400 close");
        add("VT before chunked", post("Transfer-Encoding: \u000bchunked\r\n", chunks), "400 close");
        add("in HTTP/1.0", "POST /events HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks, "400 close");
        add("for GET", PIXEL + HOST + "Transfer-Encoding: chunked\r\n\r\n" + chunked("xyz") + GET, "200 200");
    }

    private void chunks() {
        section = "9112-7.1 chunks";
        final String te = "Transfer-Encoding: chunked\r\n";
        add("one", post(te, chunked(EVENT)) + GET, "202 200");
        add("many", post(te, "5\r\n" + EVENT.substring(0, 5) + "\r\n" + chunked(EVENT.substring(5))) + GET, "202 200");
        add("none", post(te, "0\r\n\r\n") + GET, "400 200");
        add("leading zeros", post(te, "00" + chunked(EVENT)), "202");
        add("upper case", post(te, "A\r\n" + EVENT.substring(0, 10) + "\r\n" + chunked(EVENT.substring(10))), "202");
        add("extension", post(te, "5;a=b\r\n" + EVENT.substring(0, 5) + "\r\n" + chunked(EVENT.substring(5))), "202");
        add(
                "extension behind space",
                post(te, "5 \t;a=\"b\"\r\n" + EVENT.substring(0, 5) + "\r\n" + chunked(EVENT.substring(5))),
                "202");
        add("trailers", post(te, chunkedWithout(EVENT) + "0\r\nX-A: b\r\nContent-Length: 3\r\n\r\n") + GET, "202 200");
        for (final String size : new String[] {
            "",
            "g",
            "0x5",
            "-5",
            "+5",
            " 5",
            "5 ",
            "5\t",
            "5 5",
            "5:",
            "5,",
            "ffffffffffffffff",
            "10000000000000005",
            "8000000000000000",
            "5\0",
            "5;\0",
            "5;\n",
            "5;a\r"
        }) {
            add("size " + size, post(te, size + "\r\nhello\r\n0\r\n\r\n"), "400 close");
        }
        for (final String size : new String[] {"80000005", "100000005", "7fffffffffffffff", "100001"}) {
            add("size " + size, post(te, size + "\r\nhello\r\n0\r\n\r\n"), "413 close");
        }
        add("LF behind the size", post(te, "5\nhello\r\n0\r\n\r\n"), "400 close");
        add("no CRLF behind the data", post(te, "5\r\nhello0\r\n\r\n"), "400 close");
        add("LF behind the data", post(te, "5\r\nhello\n0\r\n\r\n"), "400 close");
        add("CR and no LF behind the data", post(te, "5\r\nhello\r0\r\n\r\n"), "400 close");
        add("data longer than the size", post(te, "4\r\nhello\r\n0\r\n\r\n"), "400 close");
        add("LF at the end", post(te, "5\r\nhello\r\n0\r\n\n"), "400 close");
        add("trailer without colon", post(te, "0\r\nX\r\n\r\n"), "400 close");
        add("trailer with space before the colon", post(te, "0\r\nX : a\r\n\r\n"), "400 close");
        add("trailer folded", post(te, "0\r\nX: a\r\n b\r\n\r\n"), "400 close");
        add("trailer with LF", post(te, "0\r\nX: a\n\r\n"), "400 close");
        add("truncated in the data", post(te, "5\r\nhel"), "");
        add("truncated before the last line", post(te, chunkedWithout(EVENT) + "0\r\n"), "");
        add("to nowhere", "POST /x HTTP/1.1\r\n" + HOST + te + "\r\n" + chunked("xyz") + GET, "404 200");
        add("to nowhere, broken", "POST /x HTTP/1.1\r\n" + HOST + te + "\r\nx\r\n\r\n" + GET, "400 close");
    }

    private void persistence() {
        section = "9112-9.3 persistence";
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
        section = "9110-10.1.1 Expect";
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
        section = "9110-9 methods";
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
        section = "9110-8.3 content";
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

    private void bounds() {
        section = "bounds";
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
    }

    private static String post(final String fields, final String body) {
        return "POST /events HTTP/1.1\r\n" + HOST + fields + "\r\n" + body;
    }

    private static String chunked(final String body) {
        return chunkedWithout(body) + "0\r\n\r\n";
    }

    private static String chunkedWithout(final String body) {
        return Integer.toHexString(body.length()) + "\r\n" + body + "\r\n";
    }
}
