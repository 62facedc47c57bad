package io.millrace.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.storage.postgres.PostgresSettings;
import io.millrace.storage.testing.Await;
import io.millrace.storage.testing.PostgresExtension;
import io.millrace.storage.testing.RedisClusterServers;
import io.millrace.storage.testing.Signals;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three Redis Cluster masters, two ingest nodes and two aggregators under load for a minute, and one of each is killed; then an aggregator
 * sleeps past its take-over and wakes up. The books balance: what was answered is stored once, and nothing else is.
 */
@Timeout(600)
class ScaleOutFaultIT {
    @RegisterExtension
    static final PostgresExtension POSTGRES = new PostgresExtension();

    private static final int MASTERS = 3;
    private static final int LOOPS = 2;
    private static final int STREAMS = 2 * LOOPS;
    private static final int CONNECTIONS = 2;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(40);
    /** Three leases, if it stops inside a COPY, and some for a busy machine. */
    private static final Duration TAKE_OVER = Duration.ofMinutes(3);
    /** The faults take about half of it. */
    private static final long LOAD_NANOS = TimeUnit.SECONDS.toNanos(60);

    private static final String OWNERS = "SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
            + " WHERE l.locktype = 'advisory' AND l.objsubid = 1 AND a.application_name = 'millrace-aggregator'"
            + " AND a.datname = current_database() GROUP BY a.pid ORDER BY 1";

    @TempDir
    private Path folder;

    private final long seed = System.nanoTime();
    private final SplittableRandom random = new SplittableRandom(seed);
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final Map<UniqueEvents, Thread> load = new HashMap<>();
    private final List<ServerProcess> servers = new ArrayList<>();
    private RedisClusterServers redis;
    private PostgresSettings database;

    @BeforeEach
    void startStores() throws Exception {
        database = POSTGRES.newDatabase();
        redis = RedisClusterServers.start(MASTERS);
    }

    @AfterEach
    void closeAll() throws Exception {
        stopped.set(true);
        servers.forEach(ServerProcess::close);
        redis.close();
    }

    @Test
    void shouldStoreEachEventOnceWhileOneOfEachDies() throws Exception {
        final ServerProcess firstIngest = launch("ingest", "i1");
        final ServerProcess secondIngest = launch("ingest", "i2");
        final ServerProcess firstAggregator = launch("aggregate", "a1");
        final ServerProcess secondAggregator = launch("aggregate", "a2");
        final long loadStartNanos = System.nanoTime();
        load(firstIngest, "x");
        load(secondIngest, "y");
        awaitShares(2, 2);

        killTheMasterOfAStream();
        firstAggregator.kill();
        awaitShares(STREAMS);
        launch("aggregate", "a1").admin();
        awaitShares(2, 2);

        secondIngest.kill();
        load(launch("ingest", "i2"), "z");

        Signals.send("STOP", secondAggregator.pid());
        awaitShares(STREAMS);
        Signals.send("CONT", secondAggregator.pid());
        awaitShares(2, 2);

        Await.until("the load has lasted a minute", TAKE_OVER, () -> System.nanoTime() - loadStartNanos >= LOAD_NANOS);
        stopLoad();
        for (final ServerProcess server : servers) {
            if (server.isAlive()) {
                Await.until("all is stored", () -> server.admin("/ledger").number("inFlight") == 0);
            }
        }
        verify(secondAggregator, firstIngest);
    }

    private ServerProcess launch(final String role, final String name) throws Exception {
        final List<String> options = new ArrayList<>(List.of(
                "--role",
                role,
                "--redis",
                redis.uri(),
                "--data-dir",
                folder.resolve(name).toString(),
                "--event-loops",
                Integer.toString(LOOPS)));
        if (role.equals("aggregate")) {
            options.addAll(List.of("--postgres", Stores.url(database)));
        }
        final ServerProcess server = ServerProcess.launchForLoad(options);
        servers.add(server);
        return server;
    }

    private void load(final ServerProcess server, final String prefix) throws Exception {
        for (int i = 0; i < CONNECTIONS; i++) {
            final UniqueEvents events =
                    new UniqueEvents(server.ingest(), prefix + i, random.nextLong(), stopped, PAUSE_NANOS);
            final Thread thread = new Thread(events, "load-" + prefix + i);
            load.put(events, thread);
            thread.start();
        }
    }

    private void killTheMasterOfAStream() throws Exception {
        final Set<String> streams = new HashSet<>();
        for (int master = 0; master < MASTERS; master++) {
            streams.addAll(redis.masters().get(master).commands().keys("millrace:events:*"));
        }
        assertThat(streams).hasSize(STREAMS);
        final int master = redis.masterOf(streams.iterator().next());
        redis.masters().get(master).kill();
        RedisClusterServers.awaitMaster(redis.replicas().get(master));
    }

    /** Waits until as many aggregators as there are numbers own so many streams each, and ask for none. */
    private void awaitShares(final Integer... shares) throws Exception {
        Await.until("shares of " + List.of(shares), TAKE_OVER, () -> {
            final List<Integer> owned = PostgresExtension.rows(database, OWNERS).stream()
                    .map(row -> Integer.valueOf(row.get(0)))
                    .toList();
            return owned.equals(List.of(shares));
        });
    }

    private void stopLoad() throws InterruptedException {
        stopped.set(true);
        for (final Thread thread : load.values()) {
            thread.join();
        }
    }

    private void verify(final ServerProcess aggregator, final ServerProcess ingest) throws Exception {
        final Set<String> accepted = new HashSet<>();
        final Set<String> unanswered = new HashSet<>();
        load.keySet().forEach(events -> {
            accepted.addAll(events.accepted());
            unanswered.addAll(events.unanswered());
        });
        final Map<String, Long> stored = new HashMap<>();
        new Tables(database.jdbcUrl(), database.user(), database.password())
                .users()
                .forEach((key, count) -> stored.merge(key.user(), count, Long::sum));

        final Set<String> lost = new HashSet<>(accepted);
        lost.removeAll(stored.keySet());
        assertThat(lost).as("seed %d: lost", seed).isEmpty();
        final Set<String> invented = new HashSet<>(stored.keySet());
        invented.removeAll(accepted);
        invented.removeAll(unanswered);
        assertThat(invented).as("seed %d: invented", seed).isEmpty();
        stored.values().removeIf(count -> count == 1);
        assertThat(stored).as("seed %d: doubled", seed).isEmpty();

        final HttpClient.Reply ledger = aggregator.admin("/ledger?verify=full");
        assertThat(ledger.body()).contains("\"balanced\":true");
        assertThat(ledger.number("lost")).isZero();
        assertThat(ledger.number("stored")).isGreaterThanOrEqualTo(accepted.size());
        // The faults must have been felt.
        assertThat(unanswered).as("seed %d: the killed ingest node", seed).isNotEmpty();
        assertThat(aggregator.output()).contains("trying again until it is back");
        assertThat(metric(ingest, "millrace_resyncs_total")).isGreaterThanOrEqualTo(LOOPS);
    }

    private static double metric(final ServerProcess server, final String name) throws Exception {
        return server.admin("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name + ' '))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElse(0);
    }
}
