package io.millrace.server.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.server.ingest.ServerFixture;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The replies to the last byte, and what is recorded. */
class EndpointReplyTest {
    private static final String EVENT = "{\"user_id\":\"u\",\"action\":\"a\",\"element\":\"e\"}";
    private static final String DATE = "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n";

    @TempDir
    Path folder;

    private ServerFixture fixture;
    private HttpLoop loop;

    @BeforeEach
    void open() {
        fixture = new ServerFixture(folder, 1 << 24);
        loop = fixture.httpLoop(HttpLimits.DEFAULTS);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void shouldAcceptASingleEvent() {
        assertThat(send(post("application/json", EVENT)))
                .isEqualTo("HTTP/1.1 202 Accepted\r\n" + DATE + "Content-Type: application/json\r\n"
                        + "Content-Length: 21\r\n\r\n{\"status\":\"accepted\"}");
        assertThat(fixture.journal.progress().accepted()).isEqualTo(1);
        assertThat(fixture.wakeUps).hasValue(1);
    }

    @Test
    void shouldNameWhatASingleEventLacks() {
        assertThat(send(post("application/json", "{\"user_id\":1,\"element\":\"e\"}")))
                .startsWith("HTTP/1.1 400 Bad Request\r\n")
                .endsWith("\r\n\r\n{\"error\":\"missing_action\",\"message\":\"action is required\"}");
        assertThat(fixture.journal.progress().accepted()).isZero();
        assertThat(fixture.wakeUps).hasValue(0);
    }

    @Test
    void shouldReportABatch() {
        assertThat(send(post("application/json", "[" + EVENT + ",{}," + EVENT + "]")))
                .startsWith("HTTP/1.1 202 Accepted\r\n")
                .endsWith("{\"status\":\"accepted\",\"accepted\":2,\"rejected\":1,"
                        + "\"errors\":[{\"index\":1,\"code\":\"missing_user_id\"}]}");
        assertThat(fixture.journal.progress().accepted()).isEqualTo(2);
    }

    @Test
    void shouldReportABatchOfWhichNothingIsAccepted() {
        assertThat(send(post("application/x-ndjson", "{}\n{\n")))
                .startsWith("HTTP/1.1 400 Bad Request\r\n")
                .endsWith("{\"status\":\"rejected\",\"accepted\":0,\"rejected\":2,\"errors\":"
                        + "[{\"index\":0,\"code\":\"missing_user_id\"},{\"index\":1,\"code\":\"invalid_json\"}]}");
    }

    @Test
    void shouldRefuseAnEmptyArray() {
        assertThat(send(post("application/json", "[]")))
                .startsWith("HTTP/1.1 400 Bad Request\r\n")
                .endsWith("{\"status\":\"rejected\",\"accepted\":0,\"rejected\":0,\"errors\":[]}");
    }

    @Test
    void shouldListTenErrorsAtMost() {
        final String reply = send(post("application/x-ndjson", "{}\n".repeat(2000)));
        assertThat(reply)
                .contains("\"rejected\":2000,")
                .contains("{\"index\":9,")
                .doesNotContain("{\"index\":10,");
    }

    @Test
    void shouldRefuseWhatIsNotJson() {
        assertThat(send(post("application/json", "[" + EVENT + ",")))
                .startsWith("HTTP/1.1 400 Bad Request\r\n")
                .contains("\r\n\r\n{\"error\":\"invalid_json\",\"message\":\"");
        assertThat(fixture.journal.progress().accepted()).isZero();
    }

    @Test
    void shouldAnswerThePixelWithAGifThatNobodyCaches() {
        final String reply = send(get("/pixel.gif?user_id=u&action=a&element=e", ""));
        assertThat(reply)
                .startsWith("HTTP/1.1 200 OK\r\n")
                .contains("\r\nContent-Type: image/gif\r\n", "no-store", "\r\nContent-Length: 43\r\n")
                .doesNotContain("ETag", "Last-Modified", "X-Event-Status");
        final String gif = reply.substring(reply.indexOf("\r\n\r\n") + 4);
        assertThat(gif).hasSize(43).startsWith("GIF89a\u0001\0\u0001\0").endsWith(";");
        assertThat(fixture.journal.progress().accepted()).isEqualTo(1);
    }

    @Test
    void shouldTellThePixelsStatusInAField() {
        assertThat(send(get("/pixel.gif?u=u&e=e", "")))
                .startsWith("HTTP/1.1 200 OK\r\n")
                .contains("\r\nX-Event-Status: missing_action\r\n", "GIF89a");
        assertThat(fixture.journal.progress().accepted()).isZero();
    }

    @Test
    void shouldAnswerHeadLikeGetWithoutBodyOrRecord() {
        final String path = "/pixel.gif?u=u&a=a&e=e";
        final String get = send(get(path, ""));
        final String head = send("HEAD " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(head).isEqualTo(get.substring(0, get.indexOf("\r\n\r\n") + 4));
        assertThat(send("HEAD /pixel.gif HTTP/1.1\r\nHost: a\r\n\r\n")).contains("X-Event-Status: missing_user_id");
        assertThat(fixture.journal.progress().accepted()).isEqualTo(1);
    }

    @Test
    void shouldAnswerAPreflight() {
        final String fields = "Host: a\r\nOrigin: https://shop.example\r\nAccess-Control-Request-Method: POST\r\n";
        assertThat(send("OPTIONS /events HTTP/1.1\r\n" + fields + "\r\n"))
                .startsWith("HTTP/1.1 204 No Content\r\n")
                .contains(
                        "\r\nAccess-Control-Allow-Origin: https://shop.example\r\n",
                        "\r\nAccess-Control-Allow-Credentials: true\r\n",
                        "\r\nAccess-Control-Allow-Methods: GET, HEAD, POST, OPTIONS\r\n",
                        "\r\nAccess-Control-Allow-Headers: Content-Type, Content-Encoding, X-Write-Key, Authorization\r\n",
                        "\r\nAccess-Control-Max-Age: 86400\r\n",
                        "\r\nVary: Origin\r\n")
                .doesNotContain("Content-Length")
                .endsWith("\r\n\r\n");
    }

    @Test
    void shouldCarryTheCorsFieldsInEveryReplyToAnOrigin() {
        final String origin = "Origin: null\r\n";
        final String field = "\r\nAccess-Control-Allow-Origin: null\r\n";
        assertThat(send(get("/pixel.gif?u=u&a=a&e=e", origin))).contains(field);
        assertThat(send(get("/x", origin))).contains(field);
        assertThat(send(get("/pixel.gif", origin + "Content-Length: 99999999\r\n")))
                .contains(field);
        assertThat(send(post("application/json\r\nOrigin: null", "[]"))).contains(field);
        assertThat(send(get("/pixel.gif", ""))).doesNotContain("Access-Control").doesNotContain("Vary");
    }

    @Test
    void shouldTellAllowedMethods() {
        assertThat(send(get("/events", ""))).contains("\r\nAllow: POST, OPTIONS\r\n");
        assertThat(send("PUT /pixel.gif HTTP/1.1\r\nHost: a\r\n\r\n")).contains("\r\nAllow: GET, HEAD, OPTIONS\r\n");
    }

    @Test
    void shouldKeepAnHttp10ConnectionThatAsksForIt() {
        assertThat(send("GET /x HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"))
                .contains("\r\nConnection: keep-alive\r\n");
        assertThat(send("GET /x HTTP/1.0\r\n\r\n")).contains("\r\nConnection: close\r\n");
    }

    @Test
    void shouldShedWhenTheJournalIsFull() {
        final String lines = (EVENT + "\n").repeat(20_000);
        String reply = send(post("application/x-ndjson", lines));
        for (int i = 0; i < 100 && reply.startsWith("HTTP/1.1 202"); i++) {
            reply = send(post("application/x-ndjson", lines));
        }
        assertThat(reply)
                .startsWith("HTTP/1.1 503 Service Unavailable\r\n")
                .contains("\r\nRetry-After: 7\r\n", "{\"error\":\"overloaded\",")
                .doesNotContain("Connection: close");
        String pixel = send(get("/pixel.gif?u=u&a=a&e=e", ""));
        for (int i = 0; i < 100_000 && pixel.startsWith("HTTP/1.1 200"); i++) {
            pixel = send(get("/pixel.gif?u=u&a=a&e=e", ""));
        }
        assertThat(pixel).startsWith("HTTP/1.1 503").contains("GIF89a", "Retry-After: 7");
        assertThat(loop.counters().get(IngestCounter.REQUESTS_SHED)).isEqualTo(2);
    }

    @Test
    void shouldShedBodiesBeyondTheBudgetAndKeepTheConnection() {
        final String body = "x".repeat(100_000);
        final byte[] request = (post("text/plain", body) + get("/x", "")).getBytes(ISO_8859_1);
        assertThat(fixture.budget.tryTake((64 << 20) - 50_000)).isTrue();
        try (StreamHarness harness = new StreamHarness(loop)) {
            for (int from = 0; from < request.length; from += 1000) {
                harness.send(request, from, Math.min(request.length, from + 1000));
            }
            assertThat(ReplyReader.summary(ReplyReader.read(harness.replies(), 0)))
                    .isEqualTo("503 404");
        }
        assertThat(fixture.budget.freeBytes()).isEqualTo(50_000);
        fixture.budget.giveBack((64 << 20) - 50_000);
    }

    @Test
    void shouldWaitInTheListOfWhatIsMissing() {
        final byte[] request = post("application/json", EVENT).getBytes(ISO_8859_1);
        try (StreamHarness harness = new StreamHarness(loop)) {
            assertThat(harness.waitsIn()).isSameAs(loop.idle);
            harness.send(request, 0, 10);
            assertThat(harness.waitsIn()).isSameAs(loop.inHead);
            harness.send(request, 10, request.length - 1);
            assertThat(harness.waitsIn()).isSameAs(loop.inBody);
            harness.send(request, request.length - 1, request.length);
            assertThat(harness.waitsIn()).isSameAs(loop.idle);
        }
    }

    private String send(final String request) {
        try (StreamHarness harness = new StreamHarness(loop)) {
            final byte[] bytes = request.getBytes(ISO_8859_1);
            harness.send(bytes, 0, bytes.length);
            return harness.replies();
        }
    }

    private static String get(final String target, final String fields) {
        return "GET " + target + " HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
    }

    private static String post(final String type, final String body) {
        return "POST /events HTTP/1.1\r\nHost: a\r\nContent-Type: " + type + "\r\nContent-Length: " + body.length()
                + "\r\n\r\n" + body;
    }
}
