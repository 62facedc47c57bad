package io.millrace.server.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.server.ingest.AckSettings;
import io.millrace.server.ingest.IngestSettings;
import io.millrace.server.ingest.ServerFixture;
import io.millrace.server.ingest.WriteKeys;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The script that pages load: its two forms, and what a cache learns of them. */
class TrackerReplyTest {
    private static final String GZIP = "Accept-Encoding: gzip, deflate, br, zstd\r\n";
    private static final String GZIP_FIELD = "\r\nContent-Encoding: gzip\r\n";
    private static final String ORIGIN = "Origin: https://shop.example\r\n";

    @TempDir
    Path folder;

    private ServerFixture fixture;
    private HttpLoop loop;

    @BeforeEach
    void open() {
        fixture = new ServerFixture(folder, 1 << 24);
        // A key is asked for: the script is not to need it.
        loop = fixture.httpLoop(new IngestSettings(
                HttpLimits.DEFAULTS,
                WriteKeys.of(List.of("page-key")),
                CorsPolicy.of(List.of("https://shop.example")),
                AckSettings.DEFAULTS));
    }

    @AfterEach
    void close() {
        assertThat(fixture.journal.progress().accepted()).isZero();
        fixture.close();
    }

    @Test
    void shouldServeTheScriptAsItIs() {
        final String reply = get("");
        assertThat(head(reply))
                .startsWith("HTTP/1.1 200 OK\r\n")
                .contains(
                        "\r\nContent-Type: text/javascript; charset=utf-8\r\n",
                        "\r\nX-Content-Type-Options: nosniff\r\n",
                        "\r\nCache-Control: public, max-age=3600\r\n",
                        "\r\nVary: Accept-Encoding, Origin\r\n",
                        "\r\nCross-Origin-Resource-Policy: cross-origin\r\n",
                        "\r\nContent-Length: " + body(reply).length() + "\r\n")
                .doesNotContain("Content-Encoding", "Access-Control", "Set-Cookie", "Connection");
        assertThat(body(reply)).startsWith("'use strict';(function(){").endsWith("})();");
        assertThat(send(request("GET", "/tracker.js?v=1/2", ""))).isEqualTo(reply);
    }

    @Test
    void shouldServeItCompressedToWhoeverTakesIt() throws IOException {
        final String reply = get(GZIP);
        assertThat(head(reply))
                .startsWith("HTTP/1.1 200 OK\r\n")
                .contains(
                        GZIP_FIELD,
                        "\r\nVary: Accept-Encoding, Origin\r\n",
                        "\r\nContent-Length: " + body(reply).length() + "\r\n");
        final byte[] compressed = body(reply).getBytes(ISO_8859_1);
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
            assertThat(new String(in.readAllBytes(), ISO_8859_1)).isEqualTo(body(get("")));
        }
        assertThat(tag(reply)).isNotEqualTo(tag(get("")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gzip",
                "GZip",
                "x-gzip",
                "*",
                "br;q=1.0, gzip;q=0.001",
                "identity;q=0.5 , gzip ; q=1",
                "br, *;q=0.1",
                ",, gzip",
                "deflate\r\nAccept-Encoding: br\r\naccept-encoding:gzip",
            })
    void shouldCompressWhatMayBe(final String value) {
        assertThat(get("Accept-Encoding: " + value + "\r\n")).contains(GZIP_FIELD);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "identity",
                "br, zstd, deflate",
                "gzip;q=0",
                "gzip;q=0.000",
                "*, gzip;q=0",
                "gzip;q=0, *",
                "*;q=0",
                "gzip;q=x",
                "gzip;q=",
                "gzip2",
                "br gzip",
                ";gzip",
            })
    void shouldNotCompressWhatMayNot(final String value) {
        final String reply = get("Accept-Encoding: " + value + "\r\n");
        assertThat(reply).startsWith("HTTP/1.1 200 ").doesNotContain("Content-Encoding");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", GZIP})
    void shouldSayWhenACopyIsStillGood(final String coding) {
        final String whole = get(coding);
        final String tag = tag(whole);
        for (final String value :
                new String[] {tag, "W/" + tag, "\"x,y\", " + tag, tag + ",\"\"", "*", "\"a\"\r\nIf-None-Match: W/" + tag
                }) {
            final String reply = get(coding + "If-None-Match: " + value + "\r\n");
            assertThat(reply)
                    .as(value)
                    .startsWith("HTTP/1.1 304 Not Modified\r\nDate: ")
                    .contains(
                            "\r\nETag: " + tag + "\r\n",
                            "\r\nCache-Control: public, max-age=3600\r\n",
                            "\r\nVary: Accept-Encoding, Origin\r\n")
                    .doesNotContain("Content-")
                    .endsWith("\r\n\r\n");
        }
        for (final String value : new String[] {"\"x\"", tag.replace("\"", ""), tag.substring(1), "\"*\"", ""}) {
            assertThat(get(coding + "If-None-Match: " + value + "\r\n"))
                    .as(value)
                    .isEqualTo(whole);
        }
        assertThat(loop.counters().get(IngestCounter.REPLIES_3XX)).isEqualTo(6);
    }

    @Test
    void shouldKnowTheFormsApart() {
        assertThat(get(GZIP + "If-None-Match: " + tag(get("")) + "\r\n")).contains(GZIP_FIELD);
        assertThat(get("If-None-Match: " + tag(get(GZIP)) + "\r\n")).startsWith("HTTP/1.1 200 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", GZIP})
    void shouldAnswerHeadWithTheHeadAlone(final String coding) {
        assertThat(send(request("HEAD", "/tracker.js", coding))).isEqualTo(head(get(coding)));
        final String known = coding + "If-None-Match: *\r\n";
        assertThat(send(request("HEAD", "/tracker.js", known))).isEqualTo(get(known));
    }

    @Test
    void shouldTellWhichMethodsItTakes() {
        for (final String method : new String[] {"POST", "PUT", "DELETE", "PATCH", "TRACE"}) {
            assertThat(send(request(method, "/tracker.js", "")))
                    .startsWith("HTTP/1.1 405 ")
                    .contains("\r\nAllow: GET, HEAD, OPTIONS\r\n", "{\"error\":\"method_not_allowed\",");
        }
        assertThat(send(request("OPTIONS", "/tracker.js", ORIGIN))).startsWith("HTTP/1.1 204 ");
        assertThat(send(request("GET", "/tracker.js/", ""))).startsWith("HTTP/1.1 404 ");
        assertThat(send(request("GET", "/Tracker.js", ""))).startsWith("HTTP/1.1 404 ");
    }

    @Test
    void shouldLetAPageReadItThatMay() {
        for (final String fields : new String[] {"", GZIP, "If-None-Match: *\r\n", "Bad"}) {
            final String method = "Bad".equals(fields) ? "PUT" : "GET";
            assertThat(send(request(method, "/tracker.js", ORIGIN + fields.replace("Bad", ""))))
                    .contains(
                            "\r\nAccess-Control-Allow-Origin: https://shop.example\r\n",
                            "\r\nAccess-Control-Allow-Credentials: true\r\n",
                            "\r\nVary: Origin\r\n");
        }
        assertThat(get(ORIGIN.replace("shop", "evil"))).doesNotContain("Access-Control");
    }

    @Test
    void shouldAnswerTheSameWhereverTheBytesAreSplit() {
        final String requests = request("GET", "/tracker.js", GZIP)
                + request("GET", "/tracker.js", "If-None-Match: *\r\n")
                + request("GET", "/x", "");
        assertThat(Splits.replies(loop, requests.getBytes(ISO_8859_1)))
                .startsWith("HTTP/1.1 200 ")
                .contains("HTTP/1.1 304 ", "HTTP/1.1 404 ");
    }

    @Test
    void shouldNotBeMadeToHoldManyScriptsAtOnce() {
        final String replies = send("GET /tracker.js HTTP/1.1\r\nHost: a\r\n\r\n".repeat(1000));
        assertThat(replies.split("HTTP/1.1 200 OK", -1)).hasSize(256 + 1);
        assertThat(replies.split("HTTP/1.1 503 ", -1)).hasSize(1000 - 256 + 1);
        assertThat(get("")).startsWith("HTTP/1.1 200 ");
        assertThat(loop.counters().get(IngestCounter.TRACKER_REQUESTS)).isEqualTo(1001);
        assertThat(loop.counters().get(IngestCounter.REQUESTS_SHED)).isEqualTo(744);
    }

    private String get(final String fields) {
        return send(request("GET", "/tracker.js", fields));
    }

    private String send(final String requests) {
        final byte[] bytes = requests.getBytes(ISO_8859_1);
        return Splits.send(loop, bytes, bytes.length, bytes.length);
    }

    private static String request(final String method, final String target, final String fields) {
        return method + ' ' + target + " HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
    }

    private static String head(final String reply) {
        return reply.substring(0, reply.indexOf("\r\n\r\n") + 4);
    }

    private static String body(final String reply) {
        return reply.substring(reply.indexOf("\r\n\r\n") + 4);
    }

    private static String tag(final String reply) {
        final int from = reply.indexOf("\r\nETag: ") + 8;
        return reply.substring(from, reply.indexOf("\r\n", from));
    }
}
