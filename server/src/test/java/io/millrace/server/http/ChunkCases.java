package io.millrace.server.http;

/** Rule 4 of those that parsers get wrong: chunks. */
final class ChunkCases extends CaseList {
    ChunkCases() {
        chunkSizes();
        chunkExtensions();
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
        add(
                "trailer Content-Length with a bare CR",
                post(te, chunk(EVENT) + "0\r\nContent-Length: 9\rX: a\r\n\r\n"),
                "400 close");
        add("no size for the last chunk", post(te, chunk(EVENT) + "\r\n\r\n") + GET, "400 close");
        add("no size for the only chunk", post(te, "\r\n\r\n") + GET, "400 close");
        add("an extension for the last chunk's size", post(te, chunk(EVENT) + ";a\r\n\r\n") + GET, "400 close");
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
            ";a=b\t ;c",
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
            ";a\n",
            ";\na",
            "\n;a",
            ";a\n=b",
            ";a=\nb",
            ";a=b\n;c",
            ";\ra",
            ";\0a"
        }) {
            add(
                    "extension <" + extension + ">",
                    post(CHUNKED, "5" + extension + "\r\n" + first + "\r\n" + rest),
                    "400 close");
        }
    }
}
