package io.millrace.server.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.server.ingest.AckSettings;
import io.millrace.server.ingest.IngestSettings;
import io.millrace.server.ingest.ServerFixture;
import io.millrace.server.ingest.WriteKeys;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a write key may be, and what comes of a request without one. */
class WriteKeyReplyTest {
    private static final String EVENT = "{\"user_id\":\"u\",\"action\":\"a\",\"element\":\"e\"}";
    private static final String PIXEL = "/pixel.gif?u=u&a=a&e=e";
    private static final String NEXT = "GET /x HTTP/1.1\r\nHost: a\r\n\r\n";

    @TempDir
    Path folder;

    private ServerFixture fixture;
    private HttpLoop loop;

    @BeforeEach
    void open() {
        fixture = new ServerFixture(folder, 1 << 24);
        loop = fixture.httpLoop(new IngestSettings(
                HttpLimits.DEFAULTS,
                WriteKeys.of(List.of("first-key", "second.key")),
                CorsPolicy.ANY,
                AckSettings.DEFAULTS));
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"first-key", "second.key"})
    void shouldTakeAKeyFromEachPlace(final String key) {
        final String basic = Base64.getEncoder().encodeToString((key + ":any").getBytes(ISO_8859_1));
        assertTaken("", "X-Write-Key: " + key);
        assertTaken("", "x-write-key:\t" + key + " ");
        assertTaken("", "Authorization: Basic " + basic);
        assertTaken("writeKey=" + key, "X: y");
        assertTaken("writeKey=wrong&writeKey=" + key, "X: y");
        assertTaken("x=writeKey=&writeKey=" + key.replace("-", "%2D").replace(".", "%2e"), "X: y");
        assertThat(fixture.journal.progress().accepted()).isEqualTo(6 * 2);
        assertThat(loop.counters().get(IngestCounter.REQUESTS_UNAUTHORIZED)).isZero();
    }

    @Test
    void shouldWantOneRightKeyOnly() {
        // Credentials may be there for a proxy on the way, or put in by a browser.
        final String other =
                "Authorization: Basic " + Base64.getEncoder().encodeToString("me:secret".getBytes(ISO_8859_1));
        assertTaken("writeKey=first-key", other);
        assertTaken("writeKey=wrong", other + "\r\nX-Write-Key: first-key");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "|X: y",
                "|X-Write-Key:",
                "|X-Write-Key: wrong",
                "|X-Write-Key: first-ke",
                "|X-Write-Key: first-keyy",
                "|X-Write-Key: First-Key",
                "|X-Write-Key: first-key, second.key",
                "|X-Write-Key: first-key\r\nX-Write-Key: wrong",
                "|Authorization: Bearer first-key",
                "|Authorization: Basic first-key",
                "|Authorization: Basic OmZpcnN0LWtleQ==",
                "writeKey|X: y",
                "writeKey=|X: y",
                "writeKey=first-ke|X: y",
                "writeKey=first-key%00|X: y",
                "writeKey=first-key%|X: y",
                "writeKey=first-key&writeKey=|X: y",
                "writekey=first-key|X: y",
                "xwriteKey=first-key|X: y",
                "write_key=first-key|X: y",
            })
    void shouldRefuseEveryOtherRequest(final String queryAndField) {
        final int bar = queryAndField.indexOf('|');
        final String query = queryAndField.substring(0, bar);
        final String field = queryAndField.substring(bar + 1);
        final String replies = send(post(query, field, EVENT) + NEXT);
        assertThat(ReplyReader.summary(ReplyReader.read(replies, 0))).isEqualTo("401 404");
        assertThat(replies)
                .startsWith("HTTP/1.1 401 Unauthorized\r\n")
                .contains("\r\nWWW-Authenticate: Basic realm=\"millrace\"\r\n")
                .contains("\r\n\r\n{\"error\":\"unauthorized\",\"message\":\"");
        final String pixels = send(pixel(query, field) + NEXT);
        assertThat(ReplyReader.summary(ReplyReader.read(pixels, 0))).isEqualTo("401 404");
        assertThat(pixels)
                .contains(
                        "\r\nContent-Type: image/gif\r\n", "\r\nX-Event-Status: unauthorized\r\n", "no-store", "GIF89a")
                .contains("\r\nWWW-Authenticate: X-Write-Key realm=\"millrace\"\r\n");
        assertThat(fixture.journal.progress().accepted()).isZero();
        assertThat(loop.counters().get(IngestCounter.EVENTS_REJECTED)).isZero();
        assertThat(loop.counters().get(IngestCounter.REQUESTS_UNAUTHORIZED)).isEqualTo(2);
    }

    @Test
    void shouldNotDecodeABodyWithoutAKey() {
        assertThat(send(post("", "X: y", "{no json"))).startsWith("HTTP/1.1 401 ");
        assertThat(send(post("", "Content-Encoding: gzip", "no gzip"))).startsWith("HTTP/1.1 401 ");
        assertThat(send(post("", "Content-Type: text/html", "no event"))).startsWith("HTTP/1.1 401 ");
        assertThat(loop.counters().get(IngestCounter.EVENTS_REQUESTS)).isZero();
    }

    @Test
    void shouldRefuseBeforeTheBodyIsSent() {
        final String head = "POST /events HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n";
        assertThat(send(head)).startsWith("HTTP/1.1 401 ").contains("\r\nConnection: close\r\n");
    }

    @Test
    void shouldAnswerHeadOfThePixelAlike() {
        final String get = send(pixel("", "X: y"));
        assertThat(send(pixel("", "X: y").replace("GET", "HEAD")))
                .isEqualTo(get.substring(0, get.indexOf("\r\n\r\n") + 4));
    }

    @Test
    void shouldWantNoKeyForAPreflightAndForWhatIsNotThere() {
        final String origin = "\r\nHost: a\r\nOrigin: https://b.example\r\nAccess-Control-Request-Method: POST\r\n\r\n";
        assertThat(send("OPTIONS /events HTTP/1.1" + origin)).startsWith("HTTP/1.1 204 ");
        assertThat(send("GET /events HTTP/1.1" + origin)).startsWith("HTTP/1.1 405 ");
        assertThat(send("PUT /pixel.gif HTTP/1.1" + origin)).startsWith("HTTP/1.1 405 ");
        assertThat(send("GET /nothing HTTP/1.1" + origin)).startsWith("HTTP/1.1 404 ");
    }

    @Test
    void shouldTellAPageOfAnotherOriginThatItsKeyIsWrong() {
        final String origin = "Origin: https://b.example";
        assertThat(send(post("", origin, EVENT))).contains("\r\nAccess-Control-Allow-Origin: https://b.example\r\n");
        assertThat(send(pixel("", origin))).contains("\r\nAccess-Control-Allow-Origin: https://b.example\r\n");
    }

    @Test
    void shouldJudgeTheSameInAnySplit() {
        final String right = post("writeKey=first-key", "X: y", EVENT);
        final String wrong = post("writeKey=wrong", "Authorization: Basic Zmlyc3Q6", EVENT);
        final byte[] bytes = (right + wrong + pixel("", "X-Write-Key: second.key") + NEXT).getBytes(ISO_8859_1);
        assertThat(ReplyReader.summary(ReplyReader.read(Splits.replies(loop, bytes), 0)))
                .isEqualTo("202 401 200 404");
    }

    private void assertTaken(final String query, final String field) {
        assertThat(send(post(query, field, EVENT))).startsWith("HTTP/1.1 202 ");
        assertThat(send(pixel(query, field))).startsWith("HTTP/1.1 200 ").doesNotContain("X-Event-Status");
    }

    private String send(final String requests) {
        final byte[] bytes = requests.getBytes(ISO_8859_1);
        return Splits.send(loop, bytes, bytes.length, bytes.length);
    }

    private static String post(final String query, final String field, final String body) {
        return "POST /events" + (query.isEmpty() ? "" : "?" + query) + " HTTP/1.1\r\nHost: a\r\n" + field
                + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private static String pixel(final String query, final String field) {
        return "GET " + PIXEL + (query.isEmpty() ? "" : "&" + query) + " HTTP/1.1\r\nHost: a\r\n" + field + "\r\n\r\n";
    }
}
