package io.millrace.server;

import io.millrace.pipeline.Progress;
import io.millrace.pipeline.journal.ForceCounter;
import io.millrace.pipeline.journal.JournalForcer;
import io.millrace.pipeline.journal.Journals;
import io.millrace.pipeline.window.StoreException;
import io.millrace.server.admin.AdminServer;
import io.millrace.server.admin.AdminSettings;
import io.millrace.server.admin.AdminSources;
import io.millrace.server.admin.CounterSource;
import io.millrace.server.admin.GaugeSource;
import io.millrace.server.admin.LatencySource;
import io.millrace.server.admin.Ledger;
import io.millrace.server.admin.Lifecycle;
import io.millrace.server.config.Role;
import io.millrace.server.config.ServerConfig;
import io.millrace.server.demo.DemoTraffic;
import io.millrace.server.http.IngestCounter;
import io.millrace.server.ingest.IngestLoop;
import io.millrace.server.reload.ReloadCounter;
import io.millrace.storage.StartupException;
import io.millrace.storage.postgres.DayRetention;
import io.millrace.storage.postgres.query.EventQueries;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.CloseHelper;
import org.agrona.concurrent.SystemEpochClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One server from its start to its end: brings the parts up in the order in which they need each other, waits for the signal to
 * stop, drains what was accepted, and takes the parts down in the opposite order.
 *
 * <p>Belongs to the main thread.
 */
final class Server {
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);
    private static final Duration MIN_UNREADY_AGE = Duration.ofSeconds(30);
    private static final int UNREADY_FLUSHES = 3;
    private static final int STOPPED_AT_ONCE = 143;

    private final ServerConfig config;
    private final CountDownLatch stopRequested = new CountDownLatch(1);
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private volatile Lifecycle lifecycle = Lifecycle.STARTING;

    private Journals journals;
    private Stores stores;
    private DataPath dataPath;
    private EventQueries queries;
    private Retention retention;
    private volatile IngestPort ingest;
    private Ledger ledger;
    private DemoTraffic demo;

    Server(final ServerConfig config) {
        this.config = config;
    }

    /**
     * Runs the server until it is asked to stop.
     *
     * @return the exit status
     * @throws StartupException if it cannot start
     */
    int run() throws IOException, InterruptedException {
        final Thread main = Thread.currentThread();
        Signals.onStop(signals -> requestStop(signals, main));
        Signals.onReload(this::reload);
        try {
            start();
            stopRequested.await();
            drain();
        } catch (final InterruptedException | StartupException e) {
            if (stopRequested.getCount() > 0) {
                throw e;
            }
            LOG.info("stopped while starting");
        } finally {
            closeParts();
        }
        return 0;
    }

    private void requestStop(final int signals, final Thread main) {
        if (signals > 1) {
            // What is not stored yet is in the journal, and is picked up at the next start.
            Runtime.getRuntime().halt(STOPPED_AT_ONCE);
        }
        stopRequested.countDown();
        if (lifecycle == Lifecycle.STARTING) {
            main.interrupt();
        }
    }

    /** Without files to read again the signal is no more than a line in the log: whoever sends it to all servers means no harm. */
    private void reload() {
        final IngestPort port = ingest;
        if (port == null || !port.reload()) {
            LOG.info(
                    "SIGHUP: there is nothing to read again; certificates (--tls-cert, --tls-key) and --write-keys-file are");
        }
    }

    private void start() throws IOException, InterruptedException {
        final DataDirectory dataDirectory = part(DataDirectory.take(config.dataDir()));
        journals = part(openJournals(dataDirectory));
        stores = part(Stores.open(config, dataDirectory.path()));
        dataPath = part(new DataPath(config, journals, stores));
        dataPath.startForcers();
        queries = stores.postgres() == null ? null : part(new EventQueries(stores.postgres()));
        retention = stores.postgres() == null ? null : newRetention();
        ingest = config.role() == Role.AGGREGATE ? null : part(new IngestPort(config, journals, dataPath));
        ledger = new Ledger(journals.all(), queries, this::rejected);
        final InetSocketAddress admin = part(newAdmin()).start();
        final List<StoreCheck> checks = checkStores();
        final InetSocketAddress listening = ingest == null ? null : ingest.listen();
        lifecycle = Lifecycle.READY;
        if (config.demo()) {
            demo = part(new DemoTraffic(listening));
            demo.start();
        }
        Announcement.print(config, stores, checks.stream().anyMatch(StoreCheck::isLate), listening, admin);
    }

    private Journals openJournals(final DataDirectory dataDirectory) throws IOException {
        try {
            return Journals.open(
                    config.journal().directory(),
                    dataDirectory.nodeFile(),
                    config.node().orElse(null),
                    config.role() == Role.AGGREGATE ? 0 : config.eventLoops(),
                    config.journal().sizeBytes(),
                    BootId.read(),
                    SystemEpochClock.INSTANCE.time());
        } catch (final IOException e) {
            throw new StartupException(
                    "--journal-dir " + config.journal().directory() + ": no journal of "
                            + config.journal().sizeBytes()
                            + " bytes for each of " + config.eventLoops() + " event loops (" + e.getMessage()
                            + "): make room, or give a smaller --journal-size or another --journal-dir",
                    e);
        }
    }

    private List<StoreCheck> checkStores() {
        final boolean holdsEvents = journals.all().stream().anyMatch(journal -> journal.recoveredEvents() > 0);
        final boolean mayBeLate = holdsEvents || config.role() == Role.INGEST;
        final boolean aggregates = stores.postgres() != null;
        // The aggregator needs both stores, and would complain of the one that is about to make the start fail.
        final AtomicInteger missing = new AtomicInteger(aggregates ? 2 : 1);
        final Runnable onPassed = () -> {
            if (missing.decrementAndGet() == 0 && aggregates) {
                dataPath.startAggregator();
                if (retention != null) {
                    retention.start();
                }
            }
        };
        final Runnable onRedisPassed = () -> {
            dataPath.startShippers();
            onPassed.run();
        };
        final List<StoreCheck> checks = new ArrayList<>();
        checks.add(part(new StoreCheck("Redis", stores::checkRedis, onRedisPassed, mayBeLate)));
        if (aggregates) {
            checks.add(part(new StoreCheck("PostgreSQL", stores::preparePostgres, onPassed, mayBeLate)));
        }
        checks.forEach(StoreCheck::await);
        return checks;
    }

    /** Null if everything is kept. */
    private Retention newRetention() {
        return config.retention()
                .map(time -> part(new Retention(new DayRetention(stores.postgres(), time, SystemEpochClock.INSTANCE))))
                .orElse(null);
    }

    private AdminServer newAdmin() {
        final List<IngestLoop> loops = ingest == null ? List.of() : ingest.loops();
        final AdminSources sources = new AdminSources(
                () -> lifecycle,
                journals.all(),
                dataPath.shippers(),
                dataPath.aggregator(),
                queries,
                this::rejected,
                counters(loops),
                gauges(),
                loops.stream()
                        .map(loop -> (LatencySource) loop.latencyNanos()::getIntervalHistogram)
                        .toList(),
                ingest == null ? List.of() : ingest.acks());
        final Duration flushes = config.flush().multipliedBy(UNREADY_FLUSHES);
        final AdminSettings settings = new AdminSettings(
                config.admin().address(),
                config.admin().hosts(),
                config.admin().token().orElse(null),
                config.window(),
                flushes.compareTo(MIN_UNREADY_AGE) > 0 ? flushes : MIN_UNREADY_AGE,
                Announcement.version(),
                config.dataDir().resolve("libraries"));
        return new AdminServer(settings, sources, ledger);
    }

    private List<CounterSource<?>> counters(final List<IngestLoop> loops) {
        final List<CounterSource<?>> counters = new ArrayList<>();
        counters.add(new CounterSource<>(
                IngestCounter.class, loops.stream().map(IngestLoop::counters).toList()));
        counters.add(new CounterSource<>(
                ForceCounter.class,
                dataPath.forcers().stream().map(JournalForcer::counters).toList()));
        if (ingest != null) {
            counters.add(new CounterSource<>(
                    ReloadCounter.class, List.of(ingest.reloads().counters())));
        }
        if (retention != null) {
            counters.add(new CounterSource<>(RetentionCounter.class, List.of(retention.counters())));
        }
        return counters;
    }

    private List<GaugeSource> gauges() {
        final List<GaugeSource> gauges = new ArrayList<>();
        if (ingest != null) {
            gauges.addAll(ingest.gauges());
        }
        if (retention != null) {
            gauges.add(new GaugeSource(
                    "millrace_retention_overdue_days",
                    "Days that are older than --retention and could not be dropped yet.",
                    retention::overdueDays));
        }
        return gauges;
    }

    private Map<String, Long> rejected() {
        return ingest == null ? Map.of() : ingest.rejected();
    }

    private void drain() throws InterruptedException {
        lifecycle = Lifecycle.DRAINING;
        LOG.info("stopping: taking no more events, and carrying on what was accepted");
        final long deadlineNanos = System.nanoTime() + config.shutdownTimeout().toNanos();
        if (demo != null) {
            demo.close();
        }
        if (ingest != null) {
            ingest.drain(TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime()));
        }
        if (!dataPath.drain(deadlineNanos)) {
            LOG.warn(
                    "not all was carried on within --shutdown-timeout {} s: {} events are in the journals only, and {} not yet"
                            + " in PostgreSQL; the next start goes on with them",
                    config.shutdownTimeout().toSeconds(),
                    dataPath.behind(Progress::streamed),
                    dataPath.behind(Progress::stored));
        }
        try {
            Announcement.printLedger(ledger.snapshot(false).toJson());
        } catch (final StoreException e) {
            LOG.warn("no final ledger: {}", e.getMessage());
        }
    }

    private <T extends AutoCloseable> T part(final T part) {
        parts.push(part);
        return part;
    }

    private void closeParts() {
        // A wait within a part's close must not end at an interrupt that meant the start.
        final boolean interrupted = Thread.interrupted();
        CloseHelper.closeAll(failure -> LOG.warn("a part did not close", failure), parts);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
