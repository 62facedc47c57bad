package io.millrace.server.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.server.ingest.AckSettings;
import io.millrace.server.ingest.IngestSettings;
import io.millrace.server.ingest.ServerFixture;
import io.millrace.server.ingest.WriteKeys;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which replies a page of another origin may read. */
class CorsReplyTest {
    private static final String EVENT = "{\"user_id\":\"u\",\"action\":\"a\",\"element\":\"e\"}";
    private static final String HERE = "Origin: https://shop.example\r\n";
    private static final String ELSEWHERE = "Origin: https://evil.example\r\n";
    private static final String ALLOWED =
            "\r\nAccess-Control-Allow-Origin: https://shop.example\r\nAccess-Control-Allow-Credentials: true\r\n";
    private static final String VARY = "\r\nVary: Origin\r\n";

    @TempDir
    Path folder;

    private ServerFixture fixture;
    private HttpLoop loop;

    @BeforeEach
    void open() {
        fixture = new ServerFixture(folder, 1 << 24);
        loop = fixture.httpLoop(new IngestSettings(
                HttpLimits.DEFAULTS,
                WriteKeys.NONE,
                CorsPolicy.of(List.of("https://shop.example", "https://*.cdn.example")),
                AckSettings.DEFAULTS));
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    /** Every refusal that a request with an Origin can meet, in the order of the RFC's statuses. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "200 GET /pixel.gif?u=u&a=a&e=e HTTP/1.1|",
                "200 GET /pixel.gif HTTP/1.1|",
                "202 POST /events HTTP/1.1|Content-Length: 42\r\n",
                "204 OPTIONS /events HTTP/1.1|",
                "400 POST /events HTTP/1.1|Content-Length: 0\r\n",
                "400 POST /events HTTP/1.1|Content-Length: x\r\n",
                "400 POST /events HTTP/1.1|Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
                "400 POST /events HTTP/1.1|Content-Length: 42\r\nContent-Encoding: gzip\r\n",
                "400 GET /pixel.gif HTTP/1.1|Bad Name: x\r\n",
                "400 GET /pixel.gif HTTP/1.1|Host: twice\r\n",
                "400 POST /events HTTP/1.1|Transfer-Encoding: chunked\r\n",
                "404 GET /nothing HTTP/1.1|",
                "405 GET /events HTTP/1.1|",
                "405 POST /pixel.gif HTTP/1.1|",
                "411 POST /events HTTP/1.1|",
                "413 POST /events HTTP/1.1|Content-Length: 99999999\r\n",
                "415 POST /events HTTP/1.1|Content-Length: 42\r\nContent-Type: text/html\r\n",
                "415 POST /events HTTP/1.1|Content-Length: 42\r\nContent-Encoding: br\r\n",
                "417 GET /pixel.gif HTTP/1.1|Expect: x\r\n",
                "431 GET /pixel.gif HTTP/1.1|LONG",
                "431 GET /pixel.gif HTTP/1.1|MANY",
                "501 BREW /pixel.gif HTTP/1.1|",
                "501 POST /events HTTP/1.1|Transfer-Encoding: gzip, chunked\r\n",
            })
    void shouldCarryTheFieldsInEveryReply(final String text) {
        final int bar = text.indexOf('|');
        final String line = text.substring(4, bar);
        final String fields = text.substring(bar + 1)
                .replace("LONG", "X: " + "x".repeat(17_000) + "\r\n")
                .replace("MANY", "X: y\r\n".repeat(101));
        final String begin = line + "\r\nHost: a\r\n";
        final String body = fields.contains("chunked") ? "x\r\n" : " ".repeat(42 - EVENT.length()) + EVENT;
        final String reply = send(begin + HERE + fields + "\r\n" + body);
        assertThat(reply).startsWith("HTTP/1.1 " + text.substring(0, 3)).contains(ALLOWED, VARY);
        assertThat(send(begin + ELSEWHERE + fields + "\r\n" + body))
                .startsWith("HTTP/1.1 " + text.substring(0, 3))
                .contains(VARY)
                .doesNotContain("Access-Control-Allow-Origin", "Access-Control-Allow-Credentials");
        assertThat(send(begin + fields + "\r\n" + body))
                .startsWith("HTTP/1.1 " + text.substring(0, 3))
                .doesNotContain("Vary", "Access-Control-Allow-Origin", "Access-Control-Allow-Credentials");
    }

    @Test
    void shouldRecordWhatADisallowedOriginSends() {
        assertThat(send("GET /pixel.gif?u=u&a=a&e=e HTTP/1.1\r\nHost: a\r\n" + ELSEWHERE + "\r\n"))
                .startsWith("HTTP/1.1 200 ");
        assertThat(fixture.journal.progress().accepted()).isEqualTo(1);
    }

    @Test
    void shouldAllowNamesBelowOneThatIsListed() {
        assertThat(send("GET /x HTTP/1.1\r\nHost: a\r\nOrigin: https://img.cdn.example\r\n\r\n"))
                .contains("\r\nAccess-Control-Allow-Origin: https://img.cdn.example\r\n");
        assertThat(send("GET /x HTTP/1.1\r\nHost: a\r\nOrigin: https://cdn.example\r\n\r\n"))
                .doesNotContain("Access-Control")
                .contains(VARY);
    }

    @Test
    void shouldLetNoCacheKeepWhatDependsOnTheOrigin() {
        for (final String line : new String[] {"GET /x", "GET /events", "BREW /x", "GET /pixel.gif", "HEAD /x"}) {
            assertThat(send(line + " HTTP/1.1\r\nHost: a\r\n\r\n")).contains("\r\nCache-Control: no-store");
        }
    }

    @Test
    void shouldRememberTheOriginOfARequestThatTimesOut() {
        final String head = "POST /events HTTP/1.1\r\nHost: a\r\n" + HERE + "Content-Length: 9\r\n";
        for (final String sent :
                new String[] {head, head + "\r\n", head + "\r\n{", head + "Expect: 100-continue\r\n\r\n"}) {
            try (StreamHarness harness = new StreamHarness(loop)) {
                harness.send(sent.getBytes(ISO_8859_1), 0, sent.length());
                harness.refuse(Refusal.REQUEST_TIMEOUT);
                assertThat(harness.replies()).contains("HTTP/1.1 408 ").contains(ALLOWED, VARY);
            }
        }
    }

    @Test
    void shouldRememberTheOriginOfARequestForWhichThereIsNoMemory() {
        final byte[] post = ("POST /events HTTP/1.1\r\nHost: a\r\n" + HERE + "Content-Length: 20000\r\n\r\n"
                        + " ".repeat(20_000))
                .getBytes(ISO_8859_1);
        final String te = "POST /events HTTP/1.1\r\nHost: a\r\n" + HERE + "Transfer-Encoding: chunked\r\n\r\n";
        final byte[] chunks = (te + "4e20\r\n" + " ".repeat(20_000) + "\r\n0\r\n\r\n").getBytes(ISO_8859_1);
        for (final int left : new int[] {0, 10_000}) {
            assertThat(fixture.budget.tryTake((64 << 20) - left)).isTrue();
            for (final byte[] request : new byte[][] {post, chunks}) {
                for (final int piece : new int[] {130, 1000, 19_000}) {
                    assertThat(Splits.send(loop, request, 200, piece))
                            .as("%d left, in pieces of %d", left, piece)
                            .startsWith("HTTP/1.1 503 ")
                            .contains(ALLOWED, VARY);
                }
            }
            fixture.budget.giveBack((64 << 20) - left);
        }
    }

    @Test
    void shouldRememberTheOriginOfAHeadForWhichThereIsNoMemory() {
        assertThat(fixture.budget.tryTake(64 << 20)).isTrue();
        final String head = "GET /pixel.gif HTTP/1.1\r\nHost: a\r\n" + HERE + "X: y";
        assertThat(send(head)).startsWith("HTTP/1.1 503 ").contains(ALLOWED, VARY);
        fixture.budget.giveBack(64 << 20);
    }

    @Test
    void shouldForgetTheOriginOfTheRequestBefore() {
        final String bad = "GET /x HTTP/1.1\r\nBad Name: x\r\n\r\n";
        final List<String> replies = ReplyReader.read(send("GET /x HTTP/1.1\r\nHost: a\r\n" + HERE + "\r\n" + bad), 0);
        assertThat(replies.get(0)).contains(ALLOWED);
        assertThat(replies.get(1)).startsWith("HTTP/1.1 400 ").doesNotContain("Access-Control", "Vary");
    }

    @Test
    void shouldGiveAHeadWithAnErrorNoBody() {
        assertThat(send("HEAD /x HTTP/1.1\r\nHost: a\r\n" + HERE + "Bad Name: x\r\n\r\n"))
                .startsWith("HTTP/1.1 400 ")
                .contains(ALLOWED)
                .endsWith("\r\n\r\n");
    }

    @Test
    void shouldNotEchoAnOriginThatIsTooLong() {
        final HttpLoop any = fixture.httpLoop(HttpLimits.DEFAULTS);
        final byte[] bytes =
                ("GET /x HTTP/1.1\r\nHost: a\r\nOrigin: https://" + "a".repeat(505) + "\r\n\r\n").getBytes(ISO_8859_1);
        assertThat(Splits.send(any, bytes, bytes.length, bytes.length))
                .contains(VARY)
                .doesNotContain("Access-Control");
    }

    @Test
    void shouldReplyTheSameInAnySplit() {
        final byte[] bytes = ("POST /events HTTP/1.1\r\nHost: a\r\n" + HERE + "Content-Length: " + EVENT.length()
                        + "\r\n\r\n" + EVENT + "GET /x HTTP/1.1\r\n" + ELSEWHERE + "Host: a\r\nBad Name: x\r\n\r\n")
                .getBytes(ISO_8859_1);
        assertThat(Splits.replies(loop, bytes)).contains(ALLOWED, "HTTP/1.1 202 ", "HTTP/1.1 400 ");
    }

    private String send(final String requests) {
        final byte[] bytes = requests.getBytes(ISO_8859_1);
        return Splits.send(loop, bytes, bytes.length, bytes.length);
    }
}
