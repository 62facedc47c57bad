package io.millrace.bench.faults.stage;

import io.millrace.bench.load.AckLevel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.agrona.CloseHelper;

/**
 * A whole system under load: one server, or a node and an aggregator, Redis, a database, and the load that knows what it sent. For one thread.
 */
public final class Stage implements AutoCloseable {
    private static final AtomicInteger DATABASES = new AtomicInteger();
    private static final int SERVE_SECONDS = 60;
    private static final int DRAIN_SECONDS = 60;
    private static final int LATE_MILLIS = 10_000;
    private static final String UNREADABLE = "cannot be read";

    private final StageShape shape;
    private final Path folder;
    private final PostgresServer shared;
    private final List<AutoCloseable> parts = new ArrayList<>();
    private final Launch launch;
    private Optional<AckLevel> ack = Optional.empty();
    private SplittableRandom random;
    private PostgresServer postgres;
    private SmallDisk disk;
    private RedisServer redis;
    private CutProxy redisProxy;
    private CutProxy postgresProxy;
    private Traffic traffic;
    private ServerProcess server;
    private ServerProcess aggregator;

    private Stage(
            final StageShape shape,
            final Path folder,
            final PostgresServer shared,
            final Launch launch,
            final SplittableRandom random) {
        this.shape = shape;
        this.folder = folder;
        this.shared = shared;
        this.launch = launch;
        this.random = random;
    }

    /**
     * Sets it up; no load yet.
     *
     * @param shared the PostgreSQL of all stages, in which it gets a database of its own
     */
    public static Stage open(
            final StageShape shape,
            final Path folder,
            final PostgresServer shared,
            final Launch launch,
            final SplittableRandom random)
            throws Exception {
        final Stage stage = new Stage(shape, folder, shared, launch, random);
        boolean open = false;
        try {
            stage.open();
            open = true;
            return stage;
        } finally {
            if (!open) {
                stage.close();
            }
        }
    }

    private void open() throws Exception {
        Files.createDirectories(folder);
        postgres = shape.diskMebibytes() == 0 ? shared : ownPostgres();
        postgres.newDatabase("faults_" + DATABASES.incrementAndGet(), "");
        redis = part(RedisServer.start(folder.resolve("redis"), shape.redisSettings()));
        redisProxy = part(CutProxy.start(redis.port()));
        postgresProxy = part(CutProxy.start(postgres.port()));
        final boolean apart = shape.roles() == StageShape.Roles.APART;
        server = apart ? newServer("data", "--role=ingest") : newServer("data");
        aggregator = apart ? newServer("aggregator", "--role=aggregate") : server;
        server.start();
        if (apart) {
            aggregator.start();
        }
        traffic = part(new Traffic());
    }

    private PostgresServer ownPostgres() throws Exception {
        disk = part(SmallDisk.mount(folder.resolve("disk"), shape.diskMebibytes()));
        return part(PostgresServer.start(disk.folder().resolve("stores")));
    }

    /**
     * Begins with the load, or begins again after {@link #settle}.
     *
     * @param ack what each request asks for; empty: the server's default
     * @param random what is drawn from, from now on
     */
    public void load(final Optional<AckLevel> ack, final SplittableRandom random) throws Exception {
        this.ack = ack;
        this.random = random;
        traffic.start(server.ingest(), ack, random.nextInt(), shape.load());
        awaitServing();
    }

    private <T extends AutoCloseable> T part(final T part) {
        parts.add(0, part);
        return part;
    }

    /** Another server on the same stores, not started; its data folder bears the name. */
    public ServerProcess newServer(final String name, final String... options) throws IOException {
        final boolean direct = shape.wiring() == StageShape.Wiring.DIRECT;
        final List<String> line = new ArrayList<>(List.of(
                "--redis=redis://127.0.0.1:" + (direct ? redis.port() : redisProxy.port()),
                "--data-dir=" + folder.resolve(name),
                "--event-loops=2"));
        if (!List.of(options).contains("--role=ingest")) {
            line.add("--postgres=" + postgres.url(direct ? postgres.port() : postgresProxy.port()));
        }
        line.addAll(shape.serverOptions());
        line.addAll(List.of(options));
        return part(new ServerProcess(launch, folder.resolve(name + ".log"), line));
    }

    /** The data folder of the server. */
    public Path dataDir() {
        return folder.resolve("data");
    }

    /** Where files of the stage may be put. */
    public Path folder() {
        return folder;
    }

    public RedisServer redis() {
        return redis;
    }

    public PostgresServer postgres() {
        return postgres;
    }

    /** The disk of a PostgreSQL that has one of its own. */
    public SmallDisk disk() {
        return disk;
    }

    public CutProxy redisProxy() {
        return redisProxy;
    }

    public CutProxy postgresProxy() {
        return postgresProxy;
    }

    /** Where events go. */
    public ServerProcess server() {
        return server;
    }

    /** The one that folds and stores, and keeps the books: the server itself, unless the roles are apart. */
    public ServerProcess aggregator() {
        return aggregator;
    }

    public Traffic traffic() {
        return traffic;
    }

    public SplittableRandom random() {
        return random;
    }

    public Launch launch() {
        return launch;
    }

    /** The level that answers are given at, as far as the stage knows. */
    public AckLevel level() {
        return ack.orElse(AckLevel.JOURNAL);
    }

    /** Lets a random time pass. */
    public void pause(final long minMillis, final long maxMillis) {
        Await.millis(minMillis + random.nextLong(maxMillis - minMillis + 1));
    }

    /** Waits until events that are sent from now on are accepted. */
    public void awaitServing() throws Exception {
        final long before = traffic.ledger().acceptances();
        // Some of the first may be answers that were on their way.
        Await.until("events are accepted", SERVE_SECONDS, () -> traffic.ledger().acceptances() >= before + 10);
    }

    /** Waits until what has been accepted so far is stored. */
    public void awaitCaughtUp() throws Exception {
        final long accepted = server.admin().ledger("accepted");
        Await.until(
                "what was accepted is stored",
                DRAIN_SECONDS,
                () -> aggregator.admin().ledger("stored") >= accepted);
    }

    /** Sends nothing more, and waits until all that was accepted is stored; tells whether it is, in time. */
    public boolean settle(final long limitSeconds) throws Exception {
        traffic.stop();
        return Await.within(limitSeconds * 1000L, () -> {
            final String ledger = aggregator.admin().get("/ledger");
            // What a node of another process has accepted, that node alone knows.
            return AdminPort.number(ledger, "inFlight") == 0
                    && server.admin().ledger("inFlight") == 0
                    && ledger.contains("\"balanced\":true");
        });
    }

    /**
     * Compares what the database holds with what the client knows. Streams of earlier names of the node may still be read: what
     * is missing has some time to come.
     */
    public Audit audit() throws Exception {
        final Audit[] audit = new Audit[1];
        Await.within(LATE_MILLIS, () -> {
            audit[0] = Audit.of(traffic, postgres, aggregator.admin(), setAside());
            return audit[0].lost() <= audit[0].told() && audit[0].balanced();
        });
        return audit[0];
    }

    /** How many journals the server could not read, said so, and kept. */
    private int setAside() throws IOException {
        try (Stream<Path> files = Files.list(dataDir().resolve("journal"))) {
            final long kept = files.filter(file -> file.toString().contains(".unreadable-"))
                    .count();
            return server.hasLogged(UNREADABLE) ? Math.toIntExact(kept) : 0;
        }
    }

    @Override
    public void close() throws SQLException {
        try {
            CloseHelper.closeAll(parts);
        } finally {
            if (postgres == shared) {
                postgres.dropDatabase();
            }
        }
    }
}
