package io.millrace.server.ingest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.server.http.CorsPolicy;
import io.millrace.server.http.HttpLimits;
import io.millrace.server.http.ReplyReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a page of another origin sends by {@code navigator.sendBeacon} and {@code fetch}, as Chromium and Firefox put it on
 * the wire, over a real socket.
 */
class BeaconTest {
    private static final String PAGE = "https://shop.example";
    private static final String EVENT = "{\"user_id\":\"u\",\"action\":\"a\",\"element\":\"e\"}";
    private static final String BROWSER = "Host: events.example\r\nConnection: keep-alive\r\n"
            + "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0\r\n"
            + "Accept: */*\r\nOrigin: " + PAGE + "\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Dest: empty\r\n"
            + "Referer: " + PAGE + "/\r\nAccept-Encoding: gzip, deflate, br, zstd\r\n";
    private static final String KEY = "public-page-key";

    @TempDir
    Path folder;

    private RunningServer server;

    @BeforeEach
    void start() throws Exception {
        server = new RunningServer(
                folder,
                new IngestSettings(
                        HttpLimits.DEFAULTS,
                        WriteKeys.of(List.of(KEY)),
                        CorsPolicy.of(List.of(PAGE)),
                        AckSettings.DEFAULTS),
                1 << 24);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // A string.
                "Content-Type: text/plain;charset=UTF-8\r\n",
                // A Blob with its own type; JSON needs a preflight, and gets it below.
                "Content-Type: application/json\r\n",
                "Content-Type: application/json;charset=utf-8\r\n",
                "Content-Type: application/json; charset=\"utf-8\"\r\n",
                "Content-Type: text/plain\r\n",
                // An ArrayBuffer, or a Blob without a type.
                "",
            })
    void shouldTakeABeaconOfEveryKind(final String type) throws IOException {
        for (final String body : new String[] {EVENT, "[" + EVENT + "]", EVENT + "\n" + EVENT}) {
            if (type.contains("json") && body.contains("\n")) {
                continue;
            }
            assertThat(server.exchange(beacon(type, body)))
                    .startsWith("HTTP/1.1 202 ")
                    .contains("\r\nAccess-Control-Allow-Origin: " + PAGE + "\r\n")
                    .contains("\r\nAccess-Control-Allow-Credentials: true\r\n", "\r\nVary: Origin\r\n");
        }
        assertThat(server.accepted()).isEqualTo(type.contains("json") ? 2 : 4);
    }

    @Test
    void shouldTakeABlobOfLines() throws IOException {
        assertThat(server.exchange(beacon("Content-Type: application/x-ndjson\r\n", EVENT + "\n" + EVENT + "\n")))
                .startsWith("HTTP/1.1 202 ");
        assertThat(server.accepted()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"application/x-www-form-urlencoded;charset=UTF-8", "multipart/form-data; boundary=x", "text/html"
            })
    void shouldRefuseAFormInAWayThatThePageCanRead(final String type) throws IOException {
        assertThat(server.exchange(beacon("Content-Type: " + type + "\r\n", "u=1&a=b&e=c")))
                .startsWith("HTTP/1.1 415 ")
                .contains("\r\nAccess-Control-Allow-Origin: " + PAGE + "\r\n");
    }

    @Test
    void shouldAnswerThePreflightsOfAPage() throws IOException {
        for (final String wanted :
                new String[] {"content-type", "content-encoding,content-type,x-write-key", "authorization"}) {
            final String reply = server.exchange("OPTIONS /events HTTP/1.1\r\n" + BROWSER
                    + "Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: " + wanted + "\r\n\r\n");
            assertThat(reply)
                    .startsWith("HTTP/1.1 204 ")
                    .contains("\r\nAccess-Control-Allow-Origin: " + PAGE + "\r\n")
                    .contains("\r\nAccess-Control-Allow-Credentials: true\r\n")
                    .contains("\r\nAccess-Control-Allow-Methods: GET, HEAD, POST, OPTIONS\r\n")
                    .contains("\r\nAccess-Control-Max-Age: 86400\r\n")
                    .doesNotContain("Connection: close");
            final String allowed = field(reply, "Access-Control-Allow-Headers").toLowerCase(Locale.ROOT);
            assertThat(allowed.split(", ", -1)).contains(wanted.split(",", -1));
        }
    }

    @Test
    void shouldNotAllowThePreflightOfAnotherPage() throws IOException {
        assertThat(server.exchange("OPTIONS /events HTTP/1.1\r\n" + BROWSER.replace(PAGE, "https://evil.example")
                        + "Access-Control-Request-Method: POST\r\n\r\n"))
                .startsWith("HTTP/1.1 204 ")
                .contains("\r\nVary: Origin\r\n")
                .doesNotContain("Access-Control-Allow-Origin", "Access-Control-Allow-Credentials");
    }

    @Test
    void shouldTakeWhatACompressionStreamMade() throws IOException {
        final String lines = (EVENT + "\n").repeat(5000);
        final String body = Gzip.member(lines);
        final String fields =
                "Content-Type: application/x-ndjson\r\nContent-Encoding: gzip\r\nX-Write-Key: " + KEY + "\r\n";
        final String reply = server.exchange("POST /events HTTP/1.1\r\n" + BROWSER + fields + "Content-Length: "
                + body.length() + "\r\n\r\n" + body);
        assertThat(reply)
                .startsWith("HTTP/1.1 202 ")
                .endsWith("{\"status\":\"accepted\",\"accepted\":5000,\"rejected\":0,\"errors\":[]}");
        assertThat(server.accepted()).isEqualTo(5000);
    }

    @Test
    void shouldTakeCompressedBodiesInPiecesOverOneConnection() throws IOException {
        final byte[] noise = new byte[150_000];
        new SplittableRandom(3).nextBytes(noise);
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (byte) ('a' + (noise[i] & 15));
        }
        final String body = Gzip.member("{\"x\":\"" + new String(noise, ISO_8859_1) + "\"," + EVENT.substring(1));
        final String head = "POST /events?writeKey=" + KEY + " HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\n";
        final String whole = head + "Content-Length: " + body.length() + "\r\n\r\n" + body;
        final String chunked = head + "Transfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(body.length()) + "\r\n"
                + body + "\r\n0\r\n\r\n";
        try (Client client = new Client(server.address)) {
            final byte[] bytes = (whole + chunked + whole).getBytes(ISO_8859_1);
            for (int from = 0; from < bytes.length; from += 10_007) {
                client.send(bytes, from, Math.min(bytes.length, from + 10_007));
            }
            assertThat(ReplyReader.summary(ReplyReader.read(client.read(3), 0))).isEqualTo("202 202 202");
        }
        assertThat(server.accepted()).isEqualTo(3);
    }

    @Test
    void shouldRecordNothingWithoutTheKeyAndSaySoToThePage() throws IOException {
        final String reply = server.exchange(beacon("", EVENT).replace(KEY, "wrong"));
        assertThat(reply)
                .startsWith("HTTP/1.1 401 ")
                .contains("\r\nAccess-Control-Allow-Origin: " + PAGE + "\r\n", "{\"error\":\"unauthorized\",");
        final String pixel = server.exchange("GET /pixel.gif?u=u&a=a&e=e HTTP/1.1\r\n" + BROWSER + "\r\n");
        assertThat(pixel).startsWith("HTTP/1.1 401 ").contains("GIF89a");
        assertThat(server.accepted()).isZero();
        assertThat(server.exchange("GET /pixel.gif?u=u&a=a&e=e&writeKey=" + KEY + " HTTP/1.1\r\n" + BROWSER + "\r\n"))
                .startsWith("HTTP/1.1 200 ");
        assertThat(server.accepted()).isEqualTo(1);
    }

    private static String beacon(final String type, final String body) {
        return "POST /events?writeKey=" + KEY + " HTTP/1.1\r\n" + BROWSER + "Sec-Fetch-Mode: no-cors\r\n" + type
                + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private static String field(final String reply, final String name) {
        final int from = reply.indexOf("\r\n" + name + ": ") + name.length() + 4;
        return reply.substring(from, reply.indexOf("\r\n", from));
    }
}
