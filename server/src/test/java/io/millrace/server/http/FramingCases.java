package io.millrace.server.http;

/** Rules 1 to 4 of those that parsers get wrong: where a body ends. */
final class FramingCases extends CaseList {
    FramingCases() {
        bothLengths();
        contentLengths();
        transferEncodings();
        chunkSizes();
        chunkExtensions();
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

    private void chunkSizes() {
        section("rule 4: chunk sizes that are not 1*HEXDIG, overflow, or lack their CRLF (9112-7.1)");
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
        add("trailers", post(te, chunk(EVENT) + "0\r\nX-A: b\r\nContent-Length: 3\r\n\r\n") + GET, "202 200");
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
        add("truncated before the last line", post(te, chunk(EVENT) + "0\r\n"), "");
        add("to nowhere", "POST /x HTTP/1.1\r\n" + HOST + te + "\r\n" + chunked("xyz") + GET, "404 200");
        add("to nowhere, broken", "POST /x HTTP/1.1\r\n" + HOST + te + "\r\nx\r\n\r\n" + GET, "400 close");
        for (final String size : new String[] {
            "5.",
            "5h",
            "0x",
            "\u00b2",
            "5\u00a0",
            "5\r",
            "\r",
            "fffffffffffffffff",
            "00000000000000005",
            "8000000000000005",
            "-1"
        }) {
            add("size <" + size + ">", post(te, size + "\r\nhello\r\n0\r\n\r\n"), "400 close");
        }
        for (final String size : new String[] {"7fffffff", "80000000", "ffffffff", "100000000", "7ffffffffffffffb"}) {
            add("size <" + size + ">", post(te, size + "\r\nhello\r\n0\r\n\r\n"), "413 close");
        }
        add("CR for the size's CRLF", post(te, "5\rhello\r\n0\r\n\r\n"), "400 close");
        add("CR CR LF behind the size", post(te, "5\r\r\nhello\r\n0\r\n\r\n"), "400 close");
        add("LF CR behind the data", post(te, "5\r\nhello\n\r0\r\n\r\n"), "400 close");
        add("last chunk written with many zeros", post(te, chunk(EVENT) + "0000\r\n\r\n") + GET, "202 200");
        add("NUL for the last CRLF", post(te, chunk(EVENT) + "0\r\n\0\0"), "400 close");
    }

    private void chunkExtensions() {
        section("rule 4: chunk extensions (9112-7.1.1)");
        final String first = EVENT.substring(0, 5);
        final String rest = chunked(EVENT.substring(5));
        for (final String extension : new String[] {
            ";a",
            ";a=b",
            " ;a",
            "\t; a\t=\tb",
            ";a;b;c=d",
            ";a=\"\"",
            ";a=\"b;c\"",
            ";a=\"\\\"\"",
            ";a=\"\u00e4\" ;b",
            ";a=\"b\"\t;c=d",
            ";chunk-signature=0af9"
        }) {
            add(
                    "extension <" + extension + ">",
                    post(CHUNKED, "5" + extension + "\r\n" + first + "\r\n" + rest) + GET,
                    "202 200");
        }
        for (final String extension : new String[] {
            ";",
            ";;a",
            ";=b",
            ";a=",
            ";a=;b",
            ";a b",
            ";a=b c",
            ";a=\"b",
            ";a=\"b\\\"",
            ";a=\"b\"c",
            ";a=b\"",
            ";\"a\"",
            ";a ",
            ";a=b ",
            ";\u00e4",
            ";a=\u00e4",
            ";a=\"\0\"",
            ";a=\"\u007f\"",
            " a",
            ";a=\"\n\"",
            ";a\n"
        }) {
            add(
                    "extension <" + extension + ">",
                    post(CHUNKED, "5" + extension + "\r\n" + first + "\r\n" + rest),
                    "400 close");
        }
    }
}
