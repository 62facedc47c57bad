package io.millrace.server.http;

/** Rules 5 to 8 of those that parsers get wrong: line ends, white space, names, and Host. */
final class SyntaxCases extends CaseList {
    private static final String EVENT_POST = "POST /events HTTP/1.1\r\n" + HOST + CHUNKED + "X-A: b\r\n\r\n";

    SyntaxCases() {
        lineEnds();
        bytesAnywhere();
        spaceInFields();
        fields();
        names();
        hosts();
        absoluteForms();
    }

    /** Each CRLF of a request, by anything else. */
    private void lineEnds() {
        section("rule 5: any line end but CRLF (9112-2.2)");
        final String request = EVENT_POST + chunk(EVENT) + "0\r\nX-T: u\r\n\r\n";
        add("as it should be", request + GET, "202 200");
        int line = 0;
        for (int i = request.indexOf("\r\n"); i >= 0; i = request.indexOf("\r\n", i + 1)) {
            line++;
            final String before = request.substring(0, i);
            final String after = request.substring(i + 2) + GET;
            add("LF after line " + line, before + "\n" + after, "400 close");
            add("CR after line " + line, before + "\r" + after, "400 close");
            add("CR CR LF after line " + line, before + "\r\r\n" + after, "400 close");
            add("LF CR after line " + line, before + "\n\r" + after, "400 close");
            add("NUL CR LF after line " + line, before + "\0\r\n" + after, "400 close");
        }
    }

    private void bytesAnywhere() {
        section("rule 5: bare CR, LF and NUL anywhere (9112-2.2, 9110-5.5)");
        final String request = PIXEL + HOST + "X-A: b\r\n\r\n";
        final int[] places = {
            0,
            1,
            3,
            4,
            5,
            14,
            20,
            26,
            27,
            30,
            34,
            PIXEL.length(),
            PIXEL.length() + 2,
            PIXEL.length() + 4,
            PIXEL.length() + 5,
            PIXEL.length() + 7
        };
        for (final int place : places) {
            for (final char b : new char[] {'\0', '\r', '\n', '\u001f', '\u007f'}) {
                add(
                        "byte " + (int) b + " at " + place,
                        request.substring(0, place) + b + request.substring(place) + GET,
                        "400 close");
            }
        }
    }

    private void spaceInFields() {
        section("rule 6: space before the colon, folding, a first line led by space (9112-5.1, 5.2, 2.2)");
        for (final String space : new String[] {" ", "\t", "  ", " \t"}) {
            final String name = space.replace("\t", "HTAB ").replace(" ", "SP ");
            add(name + "before the colon of Host", PIXEL + "Host" + space + ": a\r\n\r\n" + GET, "400 close");
            add(name + "before the colon of another", PIXEL + HOST + "X-A" + space + ": a\r\n\r\n" + GET, "400 close");
            add(name + "before the first name", PIXEL + space + HOST + "\r\n" + GET, "400 close");
            add(name + "before a later name", PIXEL + HOST + space + "X-A: b\r\n\r\n" + GET, "400 close");
            add(name + "alone in a line", PIXEL + HOST + space + "\r\n\r\n" + GET, "400 close");
            add(name + "folds a value", PIXEL + HOST + "X-A: b\r\n" + space + "c\r\n\r\n" + GET, "400 close");
            add(name + "folds Host", PIXEL + "Host:\r\n" + space + "a\r\n\r\n" + GET, "400 close");
            add(name + "leads the request line", space + GET, "400 close");
            add(
                    name + "before Content-Length's colon",
                    post("Content-Length" + space + ": 5\r\n", "hello") + GET,
                    "400 close");
            add(name + "in a trailer's name", post(CHUNKED, "0\r\nX" + space + ": a\r\n\r\n") + GET, "400 close");
        }
    }

    private void fields() {
        section("rule 7: names and values of fields (9112-5, 9110-5.5)");
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

    private void names() {
        section("rule 7: names that are no tokens, space around values (9110-5.6.2, 5.5)");
        for (final char separator : "\"(),/;<=>?@[\\]{}\u0001\u001f\u007f\u0080\u00ff".toCharArray()) {
            add(
                    "byte " + (int) separator + " in a name",
                    PIXEL + HOST + "X" + separator + "A: b\r\n\r\n" + GET,
                    "400 close");
        }
        add("colon in a name belongs to the value", PIXEL + HOST + "X:A: b\r\n\r\n" + GET, "200 200");
        add("a name of a thousand bytes", PIXEL + HOST + "x".repeat(1000) + ": b\r\n\r\n" + GET, "200 200");
        for (final String space : new String[] {"", " ", "\t", " \t ", "\t\t"}) {
            add(
                    "close in <" + space + ">",
                    PIXEL + HOST + "Connection:" + space + "close" + space + "\r\n\r\n" + GET,
                    "200 close");
            add(
                    "a length in <" + space + ">",
                    post("Content-Length:" + space + LENGTH + space + "\r\n", EVENT) + GET,
                    "202 200");
            add(
                    "chunked in <" + space + ">",
                    post("Transfer-Encoding:" + space + "chunked" + space + "\r\n", chunked(EVENT)) + GET,
                    "202 200");
        }
    }

    private void hosts() {
        section("rule 8: Host missing, doubled or invalid (9112-3.2)");
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
        for (final String host : new String[] {
            "[:::]",
            "[1:2:3:4:5:6:7:8:9]",
            "[::1.2.3]",
            "a:8080:1",
            "a:-1",
            "a:+80",
            "a: 80",
            "a;b@c",
            "a#",
            "%",
            "a\u00e4",
            "\"a\"",
            "a|b",
            "a^b"
        }) {
            add("Host: <" + host + ">", PIXEL + "Host: " + host + "\r\n\r\n" + GET, "400 close");
        }
        for (final String host : new String[] {
            "[2001:db8::1]:443", "[::ffff:192.0.2.1]", "a:00080", "a!$&'()*+;=~b", "xn--a.example", "a:65535"
        }) {
            add("Host: <" + host + ">", PIXEL + "Host: " + host + "\r\n\r\n" + GET, "200 200");
        }
        add("three times", PIXEL + HOST + HOST + HOST + "\r\n" + GET, "400 close");
        add("in HTTP/1.0, invalid", "GET /pixel.gif?u=1&a=b&e=c HTTP/1.0\r\nHost: a b\r\n\r\n", "400 close");
        add("in HTTP/1.0, valid", "GET /pixel.gif?u=1&a=b&e=c HTTP/1.0\r\n" + HOST + "\r\n", "200 close");
        add("missing in HTTP/1.2", "GET /pixel.gif HTTP/1.2\r\n\r\n", "400 close");
        add("missing to nowhere", "GET /x HTTP/1.1\r\n\r\n" + GET, "400 close");
        add("invalid for OPTIONS *", "OPTIONS * HTTP/1.1\r\nHost: a@b\r\n\r\n", "400 close");
    }

    private void absoluteForms() {
        section("rule 8: absolute-form (9112-3.2.2)");
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
    }
}
