package io.millrace.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.pipeline.Counters;
import io.millrace.pipeline.journal.Journal;
import io.millrace.pipeline.journal.JournalWriter;
import io.millrace.pipeline.ship.Shipper;
import io.millrace.pipeline.testing.TestEvent;
import io.millrace.pipeline.window.Aggregator;
import io.millrace.pipeline.window.FlushBatch;
import io.millrace.server.admin.RawHttp.Reply;
import io.millrace.server.http.IngestCounter;
import io.millrace.storage.embedded.process.HeldPort;
import io.millrace.storage.postgres.PostgresSchema;
import io.millrace.storage.postgres.PostgresSettings;
import io.millrace.storage.postgres.PostgresWindowStore;
import io.millrace.storage.postgres.query.EventQueries;
import io.millrace.storage.redis.RedisOptions;
import io.millrace.storage.redis.RedisStreams;
import io.millrace.storage.testing.Await;
import io.millrace.storage.testing.PostgresExtension;
import io.millrace.storage.testing.RedisExtension;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.HdrHistogram.SingleWriterRecorder;
import org.agrona.concurrent.SystemNanoClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The admin port over a data path of real parts, stepped by hand. */
class AdminServerIT {
    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    @RegisterExtension
    static final PostgresExtension POSTGRES = new PostgresExtension();

    private static final String STREAM = "millrace:events:{n-0}";
    private static final Instant WINDOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Clock CLOCK = Clock.fixed(WINDOW.plusSeconds(60), ZoneOffset.UTC);
    private static final int BLOCK_BYTES = 1 << 15;

    private final SingleWriterRecorder latency = new SingleWriterRecorder(3);

    @TempDir
    private Path folder;

    private PostgresSettings database;
    private RedisStreams streams;
    private Journal journal;
    private Shipper shipper;
    private Aggregator aggregator;
    private EventQueries queries;
    private AdminServer server;
    private InetSocketAddress address;
    private long nowNanos;
    private long events;

    @BeforeEach
    void open() throws Exception {
        REDIS.commands().flushall();
        database = POSTGRES.newDatabase();
        PostgresSchema.prepare(database, 10_000, Duration.ofSeconds(10));
        streams = RedisStreams.open(RedisOptions.of(REDIS.uri()));
        journal =
                Journal.create(folder.resolve("n-0.journal"), Journal.MIN_CAPACITY_BYTES, STREAM, UUID.randomUUID(), 1);
        shipper = new Shipper(
                journal,
                streams.eventStream(STREAM),
                new Shipper.Settings(Shipper.Purpose.LIVE, () -> Shipper.StoredSource.IN_PROCESS, BLOCK_BYTES, 0, 0, 0),
                () -> nowNanos,
                () -> {});
        aggregator = new Aggregator(
                streams.eventFeed(),
                new PostgresWindowStore(database, Duration.ofMinutes(10)),
                new FlushBatch(10_000, 1, FlushBatch.EventIds.COMPARED),
                stream -> stream.equals(STREAM) ? journal.progress() : null,
                Duration.ofSeconds(1).toNanos(),
                0,
                () -> nowNanos,
                () -> {});
        queries = new EventQueries(database);
        server = start(queries);
    }

    @AfterEach
    void close() {
        server.close();
        queries.close();
        shipper.onClose();
        aggregator.onClose();
        journal.close();
        streams.close();
    }

    @Test
    void shouldShowEventsOnTheirWay() throws Exception {
        commit(100);
        assertThat(get("/ledger").body())
                .startsWith("{\"balanced\":true,\"accepted\":100,\"streamed\":0,\"stored\":0,\"inFlight\":100,");

        Await.until("all is streamed", () -> {
            shipper.doWork();
            return journal.progress().streamed() == 100;
        });
        assertThat(get("/ledger").body())
                .startsWith("{\"balanced\":true,\"accepted\":100,\"streamed\":100,\"stored\":0,\"inFlight\":100,");

        stepUntilStored();
        commit(5);
        final String ledger = get("/ledger").body();
        assertThat(ledger)
                .startsWith("{\"balanced\":true,\"accepted\":105,\"streamed\":100,\"stored\":100,\"inFlight\":5,"
                        + "\"counted\":100,\"duplicates\":0,\"poisoned\":0,\"lost\":0,\"expired\":0,\"difference\":0,"
                        + "\"unbalancedStreams\":[],\"unbalancedDays\":{},\"rejected\":{\"missing_action\":3},\"streams\":[{\"stream\":\""
                        + STREAM + "\",\"local\":true,\"accepted\":105,");
        assertThat(get("/ledger?verify=full").body()).isEqualTo(ledger);
    }

    @Test
    void shouldFindWhatWasTakenFromTheTables() throws Exception {
        commit(100);
        stepUntilStored();
        PostgresExtension.execute(
                database, "UPDATE aggregated_events SET count = count - 1 WHERE action = 'click' AND element = 'e0'");

        assertThat(get("/ledger").body()).startsWith("{\"balanced\":true,");
        assertThat(get("/ledger?verify=full").body())
                .startsWith("{\"balanced\":false,")
                .contains("\"difference\":1,", "\"unbalancedStreams\":[],", "\"unbalancedDays\":{\"2026-01-01\":1}");
    }

    @Test
    void shouldNameTheStreamThatWasTamperedWithAndByHowMany() throws Exception {
        commit(100);
        stepUntilStored();
        PostgresExtension.execute(database, "UPDATE stream_watermarks SET counted = counted - 7");
        server.close();
        server = start(queries);

        assertThat(get("/ledger").body())
                .startsWith("{\"balanced\":false,")
                .contains("\"unbalancedStreams\":[\"" + STREAM + "\"]", "\"difference\":7,\"updatedAt\"");
        Await.until(
                "the ledger is in the metrics", () -> get("/metrics").body().contains("\nmillrace_ledger_balanced"));
        assertThat(get("/metrics").body().lines())
                .contains(
                        "millrace_ledger_balanced 0.0",
                        "millrace_ledger_unbalanced_streams 1.0",
                        "millrace_ledger_stream_difference_events{stream=\"" + STREAM + "\"} 7.0");
    }

    @Test
    void shouldAccountForDuplicatesPoisonAndWhatRetentionDropped() throws Exception {
        PostgresExtension.execute(
                database, "ALTER TABLE aggregated_events ADD CONSTRAINT no_bad_element CHECK (element <> 'bad')");
        for (final String element : List.of("good", "bad", "good", "bad", "good")) {
            send(new TestEvent(WINDOW.toEpochMilli(), "u", "click", element, "id of " + element));
        }
        commit(10);
        stepUntilStored();
        PostgresExtension.execute(
                database,
                "DROP TABLE aggregated_events_20260101",
                "DROP TABLE user_event_maps_20260101",
                "UPDATE day_totals SET expired = true");
        commit(3);
        stepUntilStored();

        assertThat(get("/ledger").body())
                .startsWith("{\"balanced\":true,\"accepted\":18,\"streamed\":18,\"stored\":18,\"inFlight\":0,"
                        + "\"counted\":0,\"duplicates\":3,\"poisoned\":1,\"lost\":0,\"expired\":14,");
        assertThat(get("/ledger?verify=full").body())
                .startsWith("{\"balanced\":true,\"accepted\":18,\"streamed\":18,\"stored\":18,\"inFlight\":0,"
                        + "\"counted\":3,\"duplicates\":3,\"poisoned\":1,\"lost\":0,\"expired\":11,");
    }

    @Test
    void shouldBeReadyOnceTheStoresAreReached() throws Exception {
        final Reply unready = get("/readyz");
        assertThat(unready.status()).isEqualTo(503);
        assertThat(unready.body()).contains("\"code\":\"stream_unreached\"", "\"code\":\"store_unreached\"");

        commit(1);
        stepUntilStored();
        assertThat(get("/readyz").body()).isEqualTo("{\"status\":\"ready\"}");
    }

    @Test
    void shouldPageThroughAggregates() throws Exception {
        commit(100);
        stepUntilStored();

        final String all = get("/api/aggregates").body();
        assertThat(all)
                .startsWith(
                        "{\"window\":\"10s\",\"rows\":[{\"windowStart\":\"2026-01-01T00:00:00Z\",\"action\":\"click\","
                                + "\"element\":\"e0\",\"count\":10,\"users\":10},")
                .endsWith("],\"next\":null}");
        assertThat(rows(all)).hasSize(10);

        final List<String> paged = new ArrayList<>();
        final Pattern next = Pattern.compile("\"next\":\"([A-Za-z0-9_-]+)\"}$");
        String cursor = "";
        for (int pages = 0; pages < 4; pages++) {
            final String page = get("/api/aggregates?limit=3&after=" + cursor).body();
            paged.addAll(rows(page));
            final Matcher matcher = next.matcher(page);
            cursor = matcher.find() ? matcher.group(1) : null;
        }
        assertThat(cursor).isNull();
        assertThat(paged).isEqualTo(rows(all));
        assertThat(rows(get("/api/aggregates?limit=10").body())).isEqualTo(rows(all));
        assertThat(get("/api/aggregates?limit=10").body()).endsWith("\"next\":null}");
        assertThat(rows(get("/api/aggregates?action=click&element=e7").body())).hasSize(1);
        assertThat(rows(get("/api/aggregates?to=2026-01-01T00:00:00Z").body())).isEmpty();
    }

    @Test
    void shouldShowMetricsThatPrometheusReads() throws Exception {
        commit(100);
        stepUntilStored();
        // The books in the metrics are made up from time to time; a new server does so at once.
        server.close();
        server = start(queries);
        // Now: the old server has taken over, and kept, what was recorded before.
        latency.recordValue(1_000_000);
        // It learns from the progress what was stored.
        shipper.doWork();
        Await.until(
                "the ledger is in the metrics", () -> get("/metrics").body().contains("\nmillrace_ledger_balanced"));

        final Reply reply = get("/metrics");
        assertThat(reply.fields().get("content-type")).startsWith("text/plain; version=0.0.4");
        assertThat(reply.body().lines())
                .allMatch(line -> line.matches("# (HELP|TYPE) [a-z_:][a-zA-Z0-9_:]* .+"
                        + "|[a-z_:][a-zA-Z0-9_:]*(\\{([a-z_]+=\"[^\"]*\",?)+})? [-+0-9.eEINna]+"))
                .contains(
                        "millrace_ledger_balanced 1.0",
                        "millrace_ledger_stored_events_total 100.0",
                        "millrace_stream_accepted_events_total{stream=\"" + STREAM + "\"} 100.0",
                        "millrace_stream_unstored_events{stream=\"" + STREAM + "\"} 0.0",
                        "millrace_journal_capacity_bytes{stream=\"" + STREAM + "\"} 65536.0",
                        "millrace_shipper_state{state=\"shipping\",stream=\"" + STREAM + "\"} 1.0",
                        "millrace_shipped_events_total 100.0",
                        "millrace_flushed_events_total 100.0",
                        "millrace_rejected_events_total{reason=\"missing_action\"} 3.0",
                        "millrace_reply_latency_seconds_bucket{le=\"0.0025\"} 1",
                        "millrace_stored_event_age_seconds_bucket{le=\"+Inf\"} 100",
                        "millrace_build_info{version=\"1.2.3\"} 1")
                .anyMatch(line -> line.startsWith("millrace_flush_duration_seconds_sum "))
                .anyMatch(line -> line.startsWith("jvm_memory_used_bytes{area=\"heap\"}"))
                .anyMatch(line -> line.startsWith("process_cpu_seconds_total "));
    }

    @Test
    void shouldSayWhenPostgresDoesNotAnswer() throws Exception {
        server.close();
        try (HeldPort nobody = HeldPort.take();
                EventQueries dead = new EventQueries(
                        new PostgresSettings("jdbc:postgresql://127.0.0.1:" + nobody.number() + "/none", "u", "p"),
                        Duration.ofMillis(300))) {
            server = start(dead);
            for (final String path : List.of("/ledger", "/api/aggregates")) {
                final Reply reply = get(path);
                assertThat(reply.status()).isEqualTo(503);
                assertThat(reply.body()).startsWith("{\"error\":\"store_unavailable\",\"message\":\"");
            }
            assertThat(get("/metrics").body()).contains("millrace_stream_accepted_events_total{");
            assertThat(get("/healthz").status()).isEqualTo(200);
            server.close();
        }
    }

    @Test
    void shouldShowAJournalThatWasClosed() throws Exception {
        commit(1);
        stepUntilStored();
        journal.close();

        assertThat(get("/ledger").body()).startsWith("{\"balanced\":true,\"accepted\":1,");
        assertThat(get("/metrics").body()).contains("millrace_journal_used_bytes{stream=\"" + STREAM + "\"} 0.0");
    }

    private AdminServer start(final EventQueries from) {
        final AdminSources sources = new AdminSources(
                () -> Lifecycle.READY,
                List.of(journal),
                List.of(shipper),
                aggregator,
                from,
                () -> Map.of("missing_action", 3L),
                List.of(new CounterSource<>(IngestCounter.class, List.of(new Counters<>(IngestCounter.class)))),
                List.of(),
                List.of(latency::getIntervalHistogram),
                List.of());
        final AdminSettings settings = new AdminSettings(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Set.of(),
                null,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                "1.2.3",
                Path.of("target"));
        final Ledger ledger = new Ledger(sources.journals(), from, sources.rejected());
        final AdminServer started = new AdminServer(settings, sources, ledger, SystemNanoClock.INSTANCE, CLOCK);
        address = started.start();
        return started;
    }

    /** Events of as many users over ten elements, all in one window. */
    private void commit(final int count) {
        for (int i = 0; i < count; i++) {
            send(new TestEvent(WINDOW.toEpochMilli() + i, "user" + (events + 1), "click", "e" + i % 10));
        }
    }

    private void send(final TestEvent event) {
        events++;
        assertThat(TestEvent.commit(journal.writer(), List.of(event))).isNotEqualTo(JournalWriter.FULL);
    }

    private void stepUntilStored() throws Exception {
        Await.until("all is stored", () -> {
            nowNanos += Duration.ofMillis(100).toNanos();
            shipper.doWork();
            aggregator.doWork();
            return journal.progress().stored() == events;
        });
    }

    private static List<String> rows(final String page) {
        final List<String> rows = new ArrayList<>();
        final Matcher matcher = Pattern.compile("\\{\"windowStart\"[^}]+}").matcher(page);
        while (matcher.find()) {
            rows.add(matcher.group());
        }
        return rows;
    }

    private Reply get(final String target) throws Exception {
        try (RawHttp http = new RawHttp(address)) {
            return http.send("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    .reply();
        }
    }
}
