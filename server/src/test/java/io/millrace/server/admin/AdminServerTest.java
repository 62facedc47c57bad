package io.millrace.server.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.server.admin.RawHttp.Reply;
import io.millrace.storage.StartupException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.SingleWriterRecorder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The admin port of a node without a journal and without PostgreSQL. */
class AdminServerTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final String TOKEN = "s3cret token";

    private final SingleWriterRecorder diskWaits = new SingleWriterRecorder(2);
    private Lifecycle lifecycle = Lifecycle.READY;
    private AdminServer server;
    private InetSocketAddress address;

    @BeforeEach
    void start() {
        restart(null);
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void shouldSayThatItLivesAndWhetherItIsReady() throws Exception {
        assertThat(get("/healthz").body()).isEqualTo("{\"status\":\"ok\"}");
        assertThat(get("/readyz").body()).isEqualTo("{\"status\":\"ready\"}");

        lifecycle = Lifecycle.DRAINING;
        assertThat(get("/healthz").status()).isEqualTo(200);
        final Reply unready = get("/readyz?verbose");
        assertThat(unready.status()).isEqualTo(503);
        assertThat(unready.body())
                .startsWith("{\"status\":\"unready\",\"reasons\":[{\"code\":\"draining\",\"message\":");
    }

    @ParameterizedTest
    @CsvSource({
        "POST /,405,method_not_allowed",
        "GET /dashboard/,404,not_found",
        "GET /api/user/,404,not_found",
        "GET /api/user/42,404,no_store",
        "GET /api/status?now=1,400,unknown_parameter",
        "GET /healthz/,404,not_found",
        "GET /Ledger,404,not_found",
        "POST /ledger,405,method_not_allowed",
        "DELETE /readyz,405,method_not_allowed",
        "OPTIONS /api/aggregates,405,method_not_allowed",
        "GET /ledger?verify=half,400,invalid_verify",
        "GET /ledger?varify=full,400,unknown_parameter",
        "GET /ledger?verify=%zz,400,invalid_target",
        "GET http://localhost/ledger,400,invalid_target",
        "OPTIONS *,400,invalid_target",
        "POST /profile?event=cpu&seconds=1,403,token_required",
        "GET /api/aggregates?limit=0,400,invalid_limit",
        "GET /api/aggregates,404,no_store"
    })
    void shouldRefuseWithTheErrorsShape(final String request, final int status, final String code) throws Exception {
        final Reply reply = exchange(request + " HTTP/1.1\r\nHost: localhost\r\n\r\n");

        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.body()).matches("\\{\"error\":\"" + code + "\",\"message\":\"[^\"]+\"}");
        assertThat(reply.fields().get("content-type")).isEqualTo("application/json");
        assertThat(reply.fields().get("allow")).isEqualTo(status == 405 ? "GET, HEAD" : null);
    }

    @ParameterizedTest
    @CsvSource({
        "GET /profile,405,method_not_allowed",
        "HEAD /profile,405,",
        "POST /profile?event=memory,400,invalid_event",
        "POST /profile?event=cpu&event=cpu,400,invalid_event",
        "POST /profile?seconds=0,400,invalid_seconds",
        "POST /profile?seconds=61,400,invalid_seconds",
        "POST /profile?seconds=1.5,400,invalid_seconds",
        "POST /profile?second=1,400,unknown_parameter"
    })
    void shouldRefuseAProfileThatIsNotAskedForRightly(final String request, final int status, final String code)
            throws Exception {
        server.close();
        restart(TOKEN);
        try (RawHttp http = new RawHttp(address)) {
            http.send(request + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + TOKEN + "\r\n\r\n");
            final Reply reply = code == null ? http.head() : http.reply();
            assertThat(reply.status()).isEqualTo(status);
            assertThat(reply.fields().get("allow")).isEqualTo(status == 405 ? "POST" : null);
            if (code != null) {
                assertThat(reply.body()).startsWith("{\"error\":\"" + code + "\",\"message\":\"");
            }
        }
        for (final String fields : List.of("", "Authorization: Bearer wrong\r\n")) {
            assertThat(exchange(request.replaceFirst("HEAD", "GET") + " HTTP/1.1\r\nHost: localhost\r\n" + fields
                                    + "\r\n")
                            .status())
                    .isEqualTo(401);
        }
        assertThat(exchange("POST /profile HTTP/1.1\r\nHost: evil.example\r\nAuthorization: Bearer " + TOKEN
                                + "\r\n\r\n")
                        .status())
                .isEqualTo(421);
    }

    @ParameterizedTest
    @CsvSource({
        "Host: evil.example,421",
        "Host: localhost.evil.example:9090,421",
        "Host: admin.example,200",
        "Host: 127.0.0.1:1,200",
        "X-No-Host: 1,400",
        "'Host: localhost\r\nHost: localhost',400"
    })
    void shouldAnswerOnlyWhatWasMeantForIt(final String host, final int status) throws Exception {
        assertThat(exchange("GET /healthz HTTP/1.1\r\n" + host + "\r\n\r\n").status())
                .isEqualTo(status);
    }

    @Test
    void shouldNotAskHttp10ForAHostAndCloseBehindIt() throws Exception {
        try (RawHttp http = new RawHttp(address)) {
            assertThat(http.send("GET /healthz HTTP/1.0\r\n\r\n").reply().status())
                    .isEqualTo(200);
            assertThat(http.isClosedByServer()).isTrue();
        }
    }

    @Test
    void shouldSendTheSecurityHeaders() throws Exception {
        assertThat(get("/ledger").fields())
                .containsEntry("x-content-type-options", "nosniff")
                .containsEntry("cache-control", "no-store")
                .containsEntry("cross-origin-resource-policy", "same-origin")
                .containsEntry("content-security-policy", "default-src 'none'; frame-ancestors 'none'")
                .containsEntry("referrer-policy", "no-referrer")
                .containsKey("date");
    }

    @Test
    void shouldAnswerPipelinedRequestsInOrder() throws Exception {
        final StringBuilder requests = new StringBuilder();
        final int rounds = 30;
        for (int i = 0; i < rounds; i++) {
            requests.append("GET /ledger HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    .append("HEAD /ledger HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    .append("POST /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\nab")
                    .append("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
        }
        try (RawHttp http = new RawHttp(address)) {
            http.send(requests.toString());
            for (int i = 0; i < rounds; i++) {
                final Reply ledger = http.reply();
                assertThat(ledger.body()).startsWith("{\"balanced\":null,");
                assertThat(http.head().fields().get("content-length"))
                        .isEqualTo(ledger.fields().get("content-length"));
                assertThat(http.reply().status()).isEqualTo(405);
                assertThat(http.reply().body()).isEqualTo("{\"status\":\"ok\"}");
            }
        }
    }

    @Test
    void shouldReadARequestThatComesByteByByte() throws Exception {
        final String request = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
        try (RawHttp http = new RawHttp(address)) {
            for (int round = 0; round < 2; round++) {
                for (int i = 0; i < request.length(); i++) {
                    http.send(request.substring(i, i + 1));
                }
                assertThat(http.reply().status()).isEqualTo(200);
            }
        }
    }

    @Test
    void shouldReadARequestThatIsLargerThanOneRead() throws Exception {
        assertThat(get("/healthz?" + "a".repeat(8_000)).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"GARBAGE,400", "GET /%LONG HTTP/1.1,414", "'GET / HTTP/1.1\r\nX: %LONG',431"})
    void shouldCloseBehindWhatItCannotRead(final String head, final int status) throws Exception {
        try (RawHttp http = new RawHttp(address)) {
            http.send(head.replace("%LONG", "a".repeat(9_000)) + "\r\nHost: localhost\r\n\r\n");
            assertThat(http.reply().status()).isEqualTo(status);
            assertThat(http.isClosedByServer()).isTrue();
        }
    }

    @Test
    void shouldRefuseALargeBody() throws Exception {
        try (RawHttp http = new RawHttp(address)) {
            http.send("POST /ledger HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n");
            final Reply reply = http.reply();
            assertThat(reply.status()).isEqualTo(413);
            assertThat(reply.body()).startsWith("{\"error\":\"body_too_large\"");
            assertThat(http.isClosedByServer()).isTrue();
        }
    }

    @Test
    void shouldAskForTheTokenExceptForHealth() throws Exception {
        server.close();
        restart(TOKEN);

        assertThat(get("/healthz").status()).isEqualTo(200);
        assertThat(get("/readyz").status()).isEqualTo(200);
        for (final String path :
                List.of("/ledger", "/metrics", "/api/aggregates", "/api/status", "/api/user/42", "/nothing")) {
            final Reply refused = get(path);
            assertThat(refused.status()).isEqualTo(401);
            assertThat(refused.fields().get("www-authenticate")).startsWith("Bearer");
        }
        assertThat(authorized("Bearer " + TOKEN).status()).isEqualTo(200);
        assertThat(authorized("bearer " + TOKEN).status()).isEqualTo(200);
        for (final String wrong :
                List.of("Bearer", "Bearer s3cret", "Bearer " + TOKEN + "x", "Basic " + TOKEN, TOKEN)) {
            assertThat(authorized(wrong).status()).as(wrong).isEqualTo(401);
        }
    }

    @Test
    void shouldRefuseToStartWhereOthersCouldReachItWithoutAToken() {
        assertThatThrownBy(() -> settings(new InetSocketAddress(9090), null))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining(":9090")
                .hasMessageContaining("--admin-token");
        assertThat(settings(new InetSocketAddress(9090), TOKEN).toString()).doesNotContain(TOKEN);
    }

    @Test
    void shouldShowTheGaugesThatItIsGiven() throws Exception {
        assertThat(get("/metrics").body())
                .contains("# HELP millrace_test_free_bytes What a test says.\n")
                .contains("# TYPE millrace_test_free_bytes gauge\n")
                .contains("\nmillrace_test_free_bytes 17.0\n");
    }

    @Test
    void shouldShowWhatWaitsForAnAcknowledgementByLevel() throws Exception {
        diskWaits.recordValue(TimeUnit.MILLISECONDS.toNanos(2));
        diskWaits.recordValue(TimeUnit.MILLISECONDS.toNanos(30));
        assertThat(get("/metrics").body())
                .contains("# TYPE millrace_ingest_replies_waiting gauge\n")
                .contains("\nmillrace_ingest_replies_waiting{level=\"disk\"} 3.0\n")
                .contains("# TYPE millrace_ingest_ack_wait_seconds histogram\n")
                .contains("\nmillrace_ingest_ack_wait_seconds_bucket{level=\"disk\",le=\"0.001\"} 0\n")
                .contains("\nmillrace_ingest_ack_wait_seconds_bucket{level=\"disk\",le=\"0.0025\"} 1\n")
                .contains("\nmillrace_ingest_ack_wait_seconds_bucket{level=\"disk\",le=\"+Inf\"} 2\n")
                .contains("\nmillrace_ingest_ack_wait_seconds_count{level=\"disk\"} 2\n");
    }

    @Test
    void shouldNameThePortThatIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, ANY_PORT.getAddress())) {
            final InetSocketAddress same = new InetSocketAddress(ANY_PORT.getAddress(), taken.getLocalPort());
            try (AdminServer second = server(settings(same, null))) {
                assertThatThrownBy(second::start)
                        .isInstanceOf(StartupException.class)
                        .hasMessageContaining("--admin localhost:" + taken.getLocalPort());
            }
        }
    }

    private void restart(final String token) {
        server = server(settings(ANY_PORT, token));
        address = server.start();
    }

    private AdminServer server(final AdminSettings settings) {
        final AdminSources sources = new AdminSources(
                () -> lifecycle,
                List.of(),
                List.of(),
                null,
                null,
                () -> Map.of("invalid_json", 1L),
                List.of(),
                List.of(new GaugeSource("millrace_test_free_bytes", "What a test says.", () -> 17L)),
                List.of(),
                List.of(new AckSource("disk", () -> 3, List.of(diskWaits::getIntervalHistogram))));
        return new AdminServer(settings, sources, new Ledger(sources.journals(), null, sources.rejected()));
    }

    private static AdminSettings settings(final InetSocketAddress address, final String token) {
        return new AdminSettings(
                address,
                Set.of("Admin.Example"),
                token,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                "1.2.3",
                Path.of("target"));
    }

    private Reply get(final String target) throws Exception {
        return exchange("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }

    private Reply authorized(final String authorization) throws Exception {
        return exchange("GET /ledger HTTP/1.1\r\nHost: localhost\r\nAuthorization: " + authorization + "\r\n\r\n");
    }

    private Reply exchange(final String request) throws Exception {
        try (RawHttp http = new RawHttp(address)) {
            return http.send(request).reply();
        }
    }
}
