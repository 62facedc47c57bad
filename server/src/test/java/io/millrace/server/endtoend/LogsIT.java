package io.millrace.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.storage.testing.Await;
import io.millrace.storage.testing.RedisExtension;
import io.millrace.storage.testing.Relay;
import io.millrace.storage.testing.Signals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What a server logs while Redis is away: a line an event of note, and not one for each try. */
class LogsIT {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Pattern FAILURES =
            Pattern.compile("^millrace_ship_failures_total ([0-9.]+)$", Pattern.MULTILINE);
    private static final String TEXT_LINE =
            "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}(Z|[+-]\\d\\d:\\d\\d) (INFO |WARN |ERROR) \\[[^]]+] .+";
    /** Of proc(5): bit n - 1 is signal n, and SIGHUP is 1. */
    private static final Pattern IGNORED_SIGNALS = Pattern.compile("^SigIgn:\\s*(\\p{XDigit}+)$", Pattern.MULTILINE);

    private static final int TRIES = 6;

    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    @TempDir
    private Path dataDir;

    @Test
    void shouldWriteAnObjectALineAndNotOneForEachTry() throws Exception {
        final List<JsonNode> lines = new ArrayList<>();
        for (final String line : logged("--log-format", "json").toList()) {
            final JsonNode object = MAPPER.readTree(line);
            assertThat(object.isObject()).as(line).isTrue();
            assertThat(object.get("timestamp").isIntegralNumber()).isTrue();
            assertThat(object.get("level").textValue()).isIn("INFO", "WARN", "ERROR");
            assertThat(object.get("threadName").textValue()).isNotEmpty();
            lines.add(object);
        }
        assertThat(lines)
                .extracting(line -> line.get("formattedMessage").textValue())
                .anySatisfy(message -> assertThat(message).startsWith("stopping: "))
                .satisfiesOnlyOnce(message -> assertThat(message).contains("trying again until it is back"));
    }

    @Test
    void shouldWriteALineForPeopleAndNotOneForEachTry() throws Exception {
        final List<String> lines = logged().toList();
        assertThat(lines)
                .allSatisfy(line -> assertThat(line).matches(TEXT_LINE))
                .satisfiesOnlyOnce(line -> assertThat(line).contains("trying again until it is back"));
    }

    /** Under nohup(1) a process and its children are deaf to the signal, and the JVM leaves it at that. */
    private static boolean isHangupIgnored() throws IOException {
        final Matcher ignored = IGNORED_SIGNALS.matcher(Files.readString(Path.of("/proc/self/status")));
        assertThat(ignored.find()).isTrue();
        return (Long.parseUnsignedLong(ignored.group(1), 16) & 1) != 0;
    }

    /** What is logged from a start to a stop, with an outage of Redis between; standard output is left out. */
    private Stream<String> logged(final String... options) throws Exception {
        try (Relay redis = new Relay(REDIS.port())) {
            redis.open();
            final List<String> all = new ArrayList<>(List.of(options));
            all.addAll(List.of("--role", "ingest", "--redis", REDIS.uri().replaceFirst(":\\d+$", ":" + redis.port())));
            all.addAll(List.of("--event-loops", "1", "--data-dir", dataDir.toString()));
            try (ServerProcess server = ServerProcess.start(all)) {
                redis.cut();
                try (HttpClient client = new HttpClient(server.ingest())) {
                    client.post("/events", "application/json", "{\"user_id\":1,\"action\":\"a\",\"element\":\"e\"}");
                    assertThat(client.exchange().status()).isEqualTo(202);
                }
                Await.until("Redis has been tried several times", () -> {
                    final Matcher failures =
                            FAILURES.matcher(server.admin("/metrics").body());
                    return failures.find() && Double.parseDouble(failures.group(1)) >= TRIES;
                });
                redis.open();
                // A signal that means other servers, which have files to read again.
                Signals.send("HUP", server.pid());
                if (!isHangupIgnored()) {
                    Await.until(
                            "it is spoken of",
                            () -> server.output().contains("SIGHUP: there is nothing to read again"));
                }
                assertThat(server.stop()).as(server.output()).isZero();
                return server.output()
                        .lines()
                        .filter(line -> !line.isBlank())
                        .filter(line ->
                                !line.startsWith("Millrace ") && !line.startsWith("  ") && !line.startsWith("ledger "));
            }
        }
    }
}
