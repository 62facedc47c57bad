package io.millrace.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.millrace.server.tls.TestCertificate;
import io.millrace.server.tls.TlsClient;
import io.millrace.storage.testing.Await;
import io.millrace.storage.testing.PostgresExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.agrona.CloseHelper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What Prometheus and Grafana are told to look at is what a running server shows, and each alert is explained. */
class MonitoringIT {
    @RegisterExtension
    static final PostgresExtension POSTGRES = new PostgresExtension();

    private static final Path ALERTS = Path.of("..", "docker", "prometheus", "alerts.yml");
    private static final Path DASHBOARD = Path.of("..", "docker", "grafana", "dashboards", "millrace.json");
    private static final Path OPERATIONS = Path.of("..", "docs", "operations.md");
    private static final Pattern METRIC = Pattern.compile("\\b(?:millrace|jvm|process)_[a-z0-9_]+\\b(?!:)");
    private static final Pattern ALERT_ROW = Pattern.compile("^\\| `(Millrace[A-Za-z]+)` \\|", Pattern.MULTILINE);
    private static final Pattern OTHER_UNITS =
            Pattern.compile(".*_(?:nanos|micros|millis|minutes|hours|kib|mib|percent)(?:_.*)?");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    /** Shown only of streams whose books do not balance. */
    private static final Set<String> NOT_ALWAYS_THERE = Set.of("millrace_ledger_stream_difference_events");

    private static Stores stores;
    private static ServerProcess server;
    /** The type of each metric, by its name. */
    private static final Map<String, String> TYPES = new TreeMap<>();

    private static final Set<String> HELPED = new HashSet<>();
    /** As samples are called, and so expressions. */
    private static final Set<String> SAMPLES = new TreeSet<>();

    @BeforeAll
    static void start(@TempDir final Path dataDir) throws Exception {
        stores = Stores.start(POSTGRES);
        final List<String> options = new ArrayList<>(stores.options());
        options.addAll(List.of("--data-dir", dataDir.toString(), "--event-loops", "1", "--retention", "90d"));
        final TestCertificate certificate = TestCertificate.create(dataDir, "server");
        options.addAll(List.of(
                "--tls-cert", certificate.files().certificate().toString(),
                "--tls-key", certificate.files().key().toString()));
        server = ServerProcess.start(options);
        final String events = "[{\"user_id\":1,\"action\":\"a\",\"element\":\"e\"},{\"user_id\":2}]";
        try (TlsClient client = TlsClient.connect(server.ingest(), certificate)) {
            client.send("POST /events HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + events.length() + "\r\n\r\n"
                    + events);
            assertThat(client.readUntil("\r\n")).isEqualTo("HTTP/1.1 202 Accepted\r\n");
        }
        Await.until("the event is in the books", () -> server.admin("/ledger").number("stored") == 1);
        Await.until("the metrics have them", () -> {
            final String text = server.admin("/metrics").body();
            return text.contains("\nmillrace_ledger_stored_events_total 1.0\n")
                    && text.contains("\nmillrace_partition_days_ahead ");
        });
        read(server.admin("/metrics").body());
    }

    @AfterAll
    static void stop() {
        CloseHelper.closeAll(server, stores);
    }

    @Test
    void shouldNameMetricsByTheConventions() {
        final Set<String> own = TYPES.keySet().stream()
                .filter(name -> name.startsWith("millrace_"))
                .collect(Collectors.toSet());
        assertThat(own).hasSizeGreaterThan(50);
        assertThat(HELPED).containsAll(own);
        for (final String name : own) {
            assertThat(name).matches("[a-z][a-z0-9_]*").doesNotMatch(OTHER_UNITS);
            assertThat(name.endsWith("_total"))
                    .as(name)
                    .isEqualTo(TYPES.get(name).equals("counter"));
        }
        assertThat(TYPES)
                .containsEntry("millrace_reply_latency_seconds", "histogram")
                .containsEntry("millrace_stored_event_age_seconds", "histogram")
                .containsEntry("millrace_flush_duration_seconds", "summary")
                .doesNotContainValue("untyped");
    }

    @Test
    void shouldAlertOnMetricsThatThereAre() throws Exception {
        final List<JsonNode> alerts = alerts();
        assertThat(alerts).hasSizeGreaterThan(10);
        for (final JsonNode alert : alerts) {
            final String expression = alert.get("expr").textValue();
            assertThat(alert.get("labels").get("severity").textValue()).isIn("critical", "warning");
            assertThat(alert.get("annotations").get("summary").textValue()).isNotBlank();
            assertThat(SAMPLES).as(expression).containsAll(metrics(expression));
        }
    }

    @Test
    void shouldSayInOperationsWhatToDoForEachAlert() throws Exception {
        final Set<String> explained = new TreeSet<>();
        ALERT_ROW.matcher(Files.readString(OPERATIONS)).results().forEach(row -> explained.add(row.group(1)));
        assertThat(explained)
                .isEqualTo(alerts().stream()
                        .map(alert -> alert.get("alert").textValue())
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    @Test
    void shouldSpeakInOperationsOfMetricsThatThereAre() throws Exception {
        final Set<String> spokenOf = metrics(Files.readString(OPERATIONS));
        assertThat(spokenOf.removeAll(NOT_ALWAYS_THERE)).isTrue();
        assertThat(spokenOf)
                .hasSizeGreaterThan(10)
                .allSatisfy(name -> assertThat(SAMPLES.contains(name) || SAMPLES.contains(name + "_total"))
                        .as(name)
                        .isTrue());
    }

    @Test
    void shouldDrawMetricsThatThereAre() throws Exception {
        final JsonNode dashboard = JSON.readTree(DASHBOARD.toFile());
        assertThat(dashboard.get("uid").textValue()).isEqualTo("millrace");
        final Set<Integer> ids = new HashSet<>();
        for (final JsonNode panel : dashboard.get("panels")) {
            assertThat(ids.add(panel.get("id").intValue())).isTrue();
            assertThat(panel.get("targets")).isNotEmpty();
            for (final JsonNode target : panel.get("targets")) {
                final String expression = target.get("expr").textValue();
                assertThat(metrics(expression)).as(expression).isNotEmpty();
                assertThat(SAMPLES).as(expression).containsAll(metrics(expression));
            }
        }
        for (final JsonNode variable : dashboard.get("templating").get("list")) {
            assertThat(SAMPLES).containsAll(metrics(variable.get("query").toString()));
        }
    }

    private static List<JsonNode> alerts() throws IOException {
        final List<JsonNode> alerts = new ArrayList<>();
        for (final JsonNode group : YAML.readTree(ALERTS.toFile()).get("groups")) {
            group.get("rules").forEach(alerts::add);
        }
        return alerts;
    }

    private static Set<String> metrics(final String text) {
        return METRIC.matcher(text)
                .results()
                .map(found -> found.group())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static void read(final String text) {
        for (final String line : text.split("\n", -1)) {
            final String[] words = line.split("[ {]", 4);
            if (line.startsWith("# TYPE ")) {
                TYPES.put(words[2], words[3]);
                // One without a sample so far has no other line.
                SAMPLES.add(words[2]);
            } else if (line.startsWith("# HELP ")) {
                HELPED.add(words[2]);
            } else {
                SAMPLES.add(words[0]);
            }
        }
    }
}
