package io.millrace.server.http;

/** Rules 1 to 3 of those that parsers get wrong: how long a body is. */
final class FramingCases extends CaseList {
    FramingCases() {
        bothLengths();
        contentLengths();
        transferEncodings();
    }

    private void bothLengths() {
        section("rule 1: Content-Length and Transfer-Encoding together (9112-6.1)");
        final String end = "0\r\n\r\n";
        for (final String fields : new String[] {
            "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
            "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
            "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n",
            "Transfer-Encoding: chunked\r\nContent-Length: 0\r\n",
            "content-length: 5\r\nTRANSFER-ENCODING: CHUNKED\r\n",
            "Content-Length: 5\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n",
            "Content-Length: 5\r\nX-A: b\r\nTransfer-Encoding:chunked\r\n",
            "Content-Length:\t5\r\nTransfer-Encoding: \tchunked \r\n",
            "Content-Length: 5\r\nTransfer-Encoding: identity\r\n",
            "Content-Length: 5\r\nTransfer-Encoding:\r\n",
            "Content-Length: x\r\nTransfer-Encoding: chunked\r\n",
            "Content-Length: 5\r\nTransfer-Encoding : chunked\r\n",
        }) {
            add(fields.replace("\r\n", " | "), post(fields, end + GET), "400 close");
        }
        final String both = length(5) + CHUNKED;
        add("for GET", PIXEL + HOST + both + "\r\n" + end + GET, "400 close");
        add("to nowhere", "POST /x HTTP/1.1\r\n" + HOST + both + "\r\n" + end + GET, "400 close");
        add("in HTTP/1.0", "POST /events HTTP/1.0\r\n" + both + "\r\n" + end + GET, "400 close");
        add("a request in what may be the body", post(length(6) + CHUNKED, end + "G" + GET), "400 close");
        add(
                "another name is another field",
                post(length(LENGTH) + "X-Transfer-Encoding: chunked\r\n", EVENT) + GET,
                "202 200");
        add("with an underscore, too", post(length(LENGTH) + "Transfer_Encoding: chunked\r\n", EVENT) + GET, "202 200");
    }

    private void contentLengths() {
        section("rule 2: Content-Length that is not 1*DIGIT, or overflows (9112-6.3)");
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
        add(
                "repeated, different, in HTTP/1.0",
                "POST /events HTTP/1.0\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
                "400 close");
        add("no body", post("Content-Length: 0\r\n", "") + GET, "400 200");
        add("above the bound", post("Content-Length: 1048577\r\n", ""), "413 close");
        add(
                "above the bound, to nowhere",
                "POST /x HTTP/1.1\r\n" + HOST + "Content-Length: 1048577\r\n\r\n",
                "413 close");
        add("truncated", post("Content-Length: " + (LENGTH + 1) + "\r\n", EVENT), "");
        for (final String value :
                new String[] {"1e1", "\u00b2", "5\u00a0", "5;q=1", "5,+5", "5, 5x", "0,1", "2147483648,5"}) {
            add("value <" + value + ">", post("Content-Length: " + value + "\r\n", "hello") + GET, "400 close");
        }
        add("space behind", post("Content-Length: 05 \t\r\n", "hello") + GET, "400 200");
        add("thirty zeros before", post("Content-Length: " + "0".repeat(30) + LENGTH + "\r\n", EVENT) + GET, "202 200");
        add("2^63 - 1", post("Content-Length: 9223372036854775807\r\n", "hello"), "413 close");
        add("2^64", post("Content-Length: 18446744073709551616\r\n", "hello"), "400 close");
        add("folded", post("Content-Length:\r\n 5\r\n", "hello"), "400 close");
        add(
                "equal numbers in other digits",
                post("Content-Length: 0" + LENGTH + ", " + LENGTH + "\r\n", EVENT) + GET,
                "202 200");
        add("of a GET that has a body", PIXEL + HOST + length(5) + "\r\nhello" + GET, "200 200");
    }

    private void transferEncodings() {
        section("rule 3: Transfer-Encoding other than exactly chunked, or in HTTP/1.0 (9112-6.1)");
        final String chunks = "0\r\n\r\n";
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
        for (final String coding : new String[] {
            "chunked\u000b",
            "\"chunked",
            "chunked ;",
            "c hunked",
            "chunked\u00a0",
            "deflate",
            "chunked, identity",
            "chunked, x"
        }) {
            add(
                    "Transfer-Encoding: <" + coding + ">",
                    post("Transfer-Encoding: " + coding + "\r\n", chunks),
                    "400 close");
        }
        for (final String coding : new String[] {"identity, chunked", ",chunked", "gzip,chunked", "x , chunked"}) {
            add(
                    "Transfer-Encoding: <" + coding + ">",
                    post("Transfer-Encoding: " + coding + "\r\n", chunks),
                    "501 close");
        }
        add("folded", post("Transfer-Encoding:\r\n chunked\r\n", chunks), "400 close");
        add(
                "in HTTP/1.0 with keep-alive",
                "POST /events HTTP/1.0\r\nConnection: keep-alive\r\n" + CHUNKED + "\r\n" + chunks + GET,
                "400 close");
        add(
                "in HTTP/1.2, which is served as 1.1",
                "POST /events HTTP/1.2\r\n" + HOST + CHUNKED + "\r\n" + chunked(EVENT) + GET,
                "202 200");
        add(
                "of HEAD",
                "HEAD /pixel.gif?u=1&a=b&e=c HTTP/1.1\r\n" + HOST + CHUNKED + "\r\n" + chunked("xyz") + GET,
                "200 200");
    }
}
