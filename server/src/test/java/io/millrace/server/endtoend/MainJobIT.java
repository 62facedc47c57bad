package io.millrace.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.storage.testing.Await;
import io.millrace.storage.testing.PostgresExtension;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Every event that was accepted stands in the tables, in its window, with its user, once; and nothing else does. */
class MainJobIT {
    @RegisterExtension
    static final PostgresExtension POSTGRES = new PostgresExtension();

    private static final long WINDOW_MILLIS = 10_000;
    private static final int EVENTS_A_FORM = 52_000;

    @TempDir
    private Path dataDir;

    private Stores stores;
    private final List<Traffic> traffic = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        stores = Stores.start(POSTGRES);
    }

    @AfterEach
    void stop() throws Exception {
        stores.close();
    }

    @Test
    void shouldCountEveryAcceptedEventOnce() throws Exception {
        try (ServerProcess server = ServerProcess.startForLoad(options())) {
            send(server.ingest(), EVENTS_A_FORM);
            awaitStored(server);
            verifyTables();
            verifyLedger(server);
            assertThat(server.stop()).as(server.output()).isZero();
        }
    }

    @Test
    void shouldGoOnAcrossAStopAndAStart() throws Exception {
        try (ServerProcess server = ServerProcess.startForLoad(options())) {
            send(server.ingest(), EVENTS_A_FORM / 4);
            assertThat(server.stop()).as(server.output()).isZero();
            assertThat(server.output()).contains("\"inFlight\":0");
        }
        verifyTables();
        try (ServerProcess server = ServerProcess.startForLoad(options())) {
            send(server.ingest(), EVENTS_A_FORM / 4);
            awaitStored(server);
            verifyTables();
            verifyLedger(server);
        }
    }

    @Test
    void shouldLoseNothingAnsweredWhenItIsKilled() throws Exception {
        try (ServerProcess server = ServerProcess.startForLoad(options())) {
            send(server.ingest(), EVENTS_A_FORM / 4);
            server.kill();
        }
        try (ServerProcess server = ServerProcess.startForLoad(options())) {
            send(server.ingest(), EVENTS_A_FORM / 4);
            awaitStored(server);
            verifyTables();
        }
    }

    private List<String> options() {
        final List<String> options = new ArrayList<>(stores.options());
        options.addAll(List.of("--data-dir", dataDir.toString(), "--event-loops", "2"));
        return options;
    }

    /** All forms at once, each over two connections. */
    private void send(final InetSocketAddress server, final int eventsAForm) throws Exception {
        final ExecutorService clients = Executors.newFixedThreadPool(8);
        try {
            final List<Future<?>> sending = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                final int events = eventsAForm / 2;
                sending.add(clients.submit(sending(source -> source.pixels(server, events))));
                sending.add(clients.submit(sending(source -> source.singles(server, events))));
                sending.add(clients.submit(sending(source -> source.arrays(server, events))));
                sending.add(clients.submit(sending(source -> source.lines(server, events))));
            }
            for (final Future<?> done : sending) {
                done.get();
            }
        } finally {
            clients.shutdownNow();
        }
    }

    private Callable<Void> sending(final Sending sending) {
        final long seed = System.nanoTime();
        final Traffic source = new Traffic(seed, System.currentTimeMillis(), WINDOW_MILLIS);
        traffic.add(source);
        return () -> {
            try {
                sending.by(source);
            } catch (final AssertionError e) {
                throw new AssertionError("seed " + seed, e);
            }
            return null;
        };
    }

    private static void awaitStored(final ServerProcess server) throws Exception {
        Await.until("every event is stored", () -> server.admin("/ledger").number("inFlight") == 0);
    }

    private void verifyTables() throws Exception {
        final Model model = new Model(WINDOW_MILLIS);
        long future = 0;
        for (final Traffic source : traffic) {
            model.addAll(source.model());
            future += source.futureEvents();
        }
        final Tables tables = stores.tables();
        final var groups = tables.groups();
        final var users = tables.users();
        groups.keySet().removeIf(key -> key.action().equals("future"));
        users.keySet().removeIf(key -> key.action().equals("future"));
        assertThat(groups).isEqualTo(model.groups());
        assertThat(users).isEqualTo(model.users());

        final long all = model.events() + future;
        assertThat(tables.number("SELECT sum(count) FROM aggregated_events WHERE action = 'future'"))
                .isEqualTo(future);
        assertThat(tables.number("SELECT sum(count) FROM aggregated_events")).isEqualTo(all);
        assertThat(tables.number("SELECT sum(count) FROM hourly_totals")).isEqualTo(all);
        assertThat(tables.number("SELECT sum(count) FROM day_totals")).isEqualTo(all);
        assertThat(tables.number("SELECT sum(last_event) FROM stream_watermarks"))
                .isEqualTo(all);
        assertThat(tables.number("SELECT sum(lost + poisoned + duplicates) FROM stream_watermarks"))
                .isZero();
    }

    private void verifyLedger(final ServerProcess server) throws Exception {
        final HttpClient.Reply ledger = server.admin("/ledger?verify=full");
        final long all = traffic.stream()
                .mapToLong(source -> source.model().events() + source.futureEvents())
                .sum();
        assertThat(ledger.body()).contains("\"balanced\":true");
        assertThat(ledger.number("accepted")).isEqualTo(all);
        assertThat(ledger.number("stored")).isEqualTo(all);
        assertThat(ledger.number("lost")).isZero();
    }

    /** One way of sending. */
    @FunctionalInterface
    private interface Sending {
        void by(Traffic source) throws Exception;
    }
}
