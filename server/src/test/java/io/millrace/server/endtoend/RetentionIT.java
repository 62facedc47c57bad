package io.millrace.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.storage.testing.Await;
import io.millrace.storage.testing.PostgresExtension;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A server that is told to keep less than it holds. */
class RetentionIT {
    @RegisterExtension
    static final PostgresExtension POSTGRES = new PostgresExtension();

    private static final int OLD_EVENTS = 40;
    private static final int DAYS_OLD = 5;

    @TempDir
    private Path dataDir;

    @Test
    void shouldDropOldDaysRefuseOldEventsAndBalance() throws Exception {
        try (Stores stores = Stores.start(POSTGRES)) {
            try (ServerProcess server = ServerProcess.start(options(stores))) {
                assertThat(send(server.ingest(), OLD_EVENTS, Duration.ofDays(DAYS_OLD)))
                        .contains("\"accepted\":" + OLD_EVENTS);
                assertThat(send(server.ingest(), 2, Duration.ZERO)).contains("\"accepted\":2");
                assertThat(server.stop()).as(server.output()).isZero();
            }
            final Tables tables = stores.tables();
            assertThat(tables.number("SELECT sum(count) FROM aggregated_events"))
                    .isEqualTo(OLD_EVENTS + 2);
            try (ServerProcess server = ServerProcess.start(options(stores, "--retention", "2d"))) {
                Await.until(
                        "the old day is gone", () -> tables.number("SELECT sum(count) FROM aggregated_events") == 2);
                assertThat(send(server.ingest(), 1, Duration.ofHours(49))).contains("\"timestamp_too_old\"");
                assertThat(send(server.ingest(), 1, Duration.ofHours(47))).contains("\"accepted\":1");
                for (final String ledger : List.of("/ledger", "/ledger?verify=full")) {
                    Await.until("all is stored", () -> server.admin(ledger).number("stored") == OLD_EVENTS + 3);
                    assertThat(server.admin(ledger).body())
                            .contains("\"balanced\":true", "\"counted\":3,", "\"expired\":" + OLD_EVENTS + ",");
                }
                assertThat(tables.number("SELECT sum(count) FROM hourly_totals"))
                        .isEqualTo(OLD_EVENTS + 3);
                assertThat(tables.number("SELECT sum(count) FROM user_events")).isEqualTo(3);
                assertThat(server.admin("/metrics").body())
                        .contains("\nmillrace_retention_dropped_days_total 1.0\n")
                        .contains("\nmillrace_retention_overdue_days 0.0\n");
                assertThat(server.stop()).as(server.output()).isZero();
            }
        }
    }

    private List<String> options(final Stores stores, final String... more) {
        final List<String> options = new ArrayList<>(stores.options());
        options.addAll(List.of("--data-dir", dataDir.toString(), "--event-loops", "1"));
        options.addAll(List.of(more));
        return options;
    }

    private static String send(final InetSocketAddress address, final int events, final Duration age)
            throws IOException {
        final String event = "{\"user_id\":1,\"action\":\"click\",\"element\":\"buy\",\"timestamp\":"
                + (System.currentTimeMillis() - age.toMillis()) + "}\n";
        try (HttpClient client = new HttpClient(address)) {
            client.post("/events", "application/x-ndjson", event.repeat(events));
            return client.exchange().body();
        }
    }
}
