package io.millrace.server.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.server.ingest.Gzip;
import io.millrace.server.ingest.ServerFixture;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code Content-Encoding: gzip} from the bytes of the request to the record, in any split. */
class CompressedBodyTest {
    private static final String EVENT = "{\"user_id\":\"u\",\"action\":\"a\",\"element\":\"e\"}";
    private static final String BATCH = "[" + EVENT + ",{}," + EVENT + "]";
    private static final String NEXT = "GET /x HTTP/1.1\r\nHost: a\r\n\r\n";

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
        assertThat(fixture.budget.freeBytes()).isEqualTo(64 << 20);
        fixture.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "text/plain;charset=UTF-8", "application/x-ndjson", ""})
    void shouldTakeASingleEventOfEveryType(final String type) {
        final String body = "application/x-ndjson".equals(type) ? EVENT + "\n" + EVENT : EVENT;
        final String field = type.isEmpty() ? "" : "Content-Type: " + type + "\r\n";
        assertThat(send(post(field, Gzip.member(body)))).startsWith("HTTP/1.1 202 ");
        assertThat(fixture.journal.progress().accepted()).isEqualTo(body.equals(EVENT) ? 1 : 2);
        assertThat(loop.counters().get(IngestCounter.BYTES_INFLATED)).isEqualTo(body.length());
    }

    @Test
    void shouldReplyAsToThePlainBody() {
        final String plain =
                send("POST /events HTTP/1.1\r\nHost: a\r\nContent-Length: " + BATCH.length() + "\r\n\r\n" + BATCH);
        assertThat(plain).contains("\"accepted\":2,\"rejected\":1");
        assertThat(send(post("", Gzip.member(BATCH)))).isEqualTo(plain);
        assertThat(send(chunked(Gzip.member(BATCH), 7))).isEqualTo(plain);
    }

    @Test
    void shouldDecodeInAnySplit() {
        final String members = Gzip.member(BATCH.substring(0, 30)) + Gzip.member(BATCH.substring(30));
        assertThat(splits(post("", members) + NEXT)).contains("\"accepted\":2,").contains("HTTP/1.1 404 ");
        assertThat(splits(NEXT + chunked(members, 16) + NEXT))
                .contains("\"accepted\":2,")
                .contains("HTTP/1.1 404 ");
    }

    @Test
    void shouldRefuseACorruptBodyInAnySplitAndGoOn() {
        final String member = Gzip.member(BATCH);
        final String corrupt = member.substring(0, member.length() - 1) + "x";
        for (final String request : new String[] {post("", corrupt), chunked(corrupt, 16)}) {
            final String replies = splits(request + NEXT);
            assertThat(ReplyReader.summary(ReplyReader.read(replies, 0))).isEqualTo("400 404");
            assertThat(replies).contains("{\"error\":\"invalid_encoding\",\"message\":\"");
        }
        assertThat(fixture.journal.progress().accepted()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "\u001f\u008b\b\0"})
    void shouldRefuseWhatIsNoGzip(final String body) {
        assertThat(send(post("", body))).startsWith("HTTP/1.1 400 ").contains("invalid_encoding");
        assertThat(send(chunked(body, 3))).startsWith("HTTP/1.1 400 ").contains("invalid_encoding");
    }

    @Test
    void shouldTellWhatItTakesWhenTheCodingIsAnother() {
        final String refused = send(post("", EVENT).replace("gzip", "br"));
        assertThat(refused)
                .startsWith("HTTP/1.1 415 ")
                .contains("\r\nAccept-Encoding: gzip\r\n", "{\"error\":\"unsupported_encoding\",");
        // RFC 9110, 12.5.3: the field would say that the coding was the reason.
        assertThat(send(post("Content-Type: text/html\r\n", Gzip.member(EVENT))))
                .startsWith("HTTP/1.1 415 ")
                .doesNotContain("Accept-Encoding");
    }

    @Test
    void shouldApplyTheBoundToTheDecodedBody() {
        final int max = HttpLimits.DEFAULTS.bodyBytes();
        final String full = EVENT + " ".repeat(max - EVENT.length());
        assertThat(send(post("", Gzip.member(full)))).startsWith("HTTP/1.1 202 ");
        final String replies = send(post("", Gzip.member(full + " ")) + NEXT);
        assertThat(ReplyReader.summary(ReplyReader.read(replies, 0))).isEqualTo("413 404");
        assertThat(replies).contains("{\"error\":\"body_too_large\",\"message\":\"the body, decoded,");
        assertThat(fixture.journal.progress().accepted()).isEqualTo(1);
    }

    @Test
    void shouldAlwaysHaveRoomForOneBodyThatGrowsAsItComes() {
        final HttpLimits d = HttpLimits.DEFAULTS;
        final int bodyBytes = 1 << 17;
        final ServerFixture small =
                new ServerFixture(folder, 1 << 21, (long) HttpLimits.MIN_COLLECTED_BODIES * bodyBytes);
        try (small) {
            final HttpLoop smallLoop = small.httpLoop(new HttpLimits(
                    d.requestLineBytes(), d.fieldBytes(), d.fieldCount(), bodyBytes, 1000, 1000, 1000, 1, 1 << 20));
            final String full = EVENT + " ".repeat(bodyBytes - EVENT.length());
            // Stored, in two members: as long as it may be, and twice as much while it grows.
            final byte[] half = full.substring(0, bodyBytes / 2 - 100).getBytes(ISO_8859_1);
            final byte[] rest = " ".repeat(bodyBytes / 2 - 100).getBytes(ISO_8859_1);
            final String members = new String(Gzip.join(Gzip.member(half, 0, 0), Gzip.member(rest, 0, 0)), ISO_8859_1);
            for (final String request : new String[] {post("", members), chunked(members, 1000)}) {
                final byte[] bytes = request.getBytes(ISO_8859_1);
                for (int piece = 500; piece < 66_000; piece = piece * 3 / 2) {
                    assertThat(Splits.send(smallLoop, bytes, piece, piece))
                            .as("in pieces of %d", piece)
                            .startsWith("HTTP/1.1 202 ");
                }
            }
            assertThat(small.budget.freeBytes()).isEqualTo(small.budget.capacityBytes());
        }
    }

    @Test
    void shouldShedWhenThereIsNoMemoryToInflate() {
        final int left = 30_000;
        final String request = post("", Gzip.member(EVENT + " ".repeat(40_000)));
        assertThat(fixture.budget.tryTake((64 << 20) - left)).isTrue();
        final String replies = send(request + NEXT);
        assertThat(ReplyReader.summary(ReplyReader.read(replies, 0))).isEqualTo("503 404");
        assertThat(replies).contains("\r\nRetry-After: 7\r\n", "{\"error\":\"overloaded\",");
        assertThat(loop.counters().get(IngestCounter.REQUESTS_SHED)).isEqualTo(1);
        assertThat(fixture.budget.freeBytes()).isEqualTo(left);
        fixture.budget.giveBack((64 << 20) - left);
        assertThat(send(request)).startsWith("HTTP/1.1 202 ");
    }

    @Test
    void shouldShedBeforeItInflatesWhenTheJournalIsFull() {
        final String lines = post("Content-Type: application/x-ndjson\r\n", Gzip.member((EVENT + "\n").repeat(20_000)));
        String reply = send(lines);
        for (int i = 0; i < 100 && reply.startsWith("HTTP/1.1 202"); i++) {
            reply = send(lines);
        }
        assertThat(reply).startsWith("HTTP/1.1 503 ").contains("\r\nRetry-After: 7\r\n");
        String last = send(post("", Gzip.member(EVENT)));
        for (int i = 0; i < 100_000 && last.startsWith("HTTP/1.1 202"); i++) {
            last = send(post("", Gzip.member(EVENT)));
        }
        final long inflated = loop.counters().get(IngestCounter.BYTES_INFLATED);
        assertThat(send(post("", "no gzip".repeat(100)))).startsWith("HTTP/1.1 503 ");
        assertThat(loop.counters().get(IngestCounter.BYTES_INFLATED)).isEqualTo(inflated);
    }

    private String splits(final String requests) {
        return Splits.replies(loop, requests.getBytes(ISO_8859_1));
    }

    private String send(final String requests) {
        final byte[] bytes = requests.getBytes(ISO_8859_1);
        return Splits.send(loop, bytes, bytes.length, bytes.length);
    }

    private static String post(final String fields, final String body) {
        return "POST /events HTTP/1.1\r\nHost: a\r\n" + fields + "Content-Encoding: gzip\r\nContent-Length: "
                + body.length() + "\r\n\r\n" + body;
    }

    private static String chunked(final String body, final int size) {
        final StringBuilder request = new StringBuilder(
                "POST /events HTTP/1.1\r\nHost: a\r\nContent-Encoding: x-gzip\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (int from = 0; from < body.length(); from += size) {
            final String chunk = body.substring(from, Math.min(body.length(), from + size));
            request.append(String.format(Locale.ROOT, "%x\r\n", chunk.length()))
                    .append(chunk)
                    .append("\r\n");
        }
        return request.append("0\r\n\r\n").toString();
    }
}
