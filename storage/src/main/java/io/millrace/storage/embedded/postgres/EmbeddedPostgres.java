package io.millrace.storage.embedded.postgres;

import io.millrace.storage.StartupException;
import io.millrace.storage.embedded.folder.StoreFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL of our own, as a child process, for those who give no other: its programs come from Maven Central, its data
 * stays under {@code <data-dir>/postgres} from one start to the next.
 *
 * <ol>
 *   <li>It listens on 127.0.0.1 only, and every connection needs the generated password (scram-sha-256).
 *   <li>It is as durable as any: fsync, synchronous_commit and data checksums are on.
 *   <li>It ends with this process, also when that is killed; what is left on the folder nevertheless is stopped by the next
 *       start.
 *   <li>When it dies alone it is started again, at the same address.
 *   <li>A folder has one owner: a second start is refused as long as the first one lives.
 *   <li>It runs as root too, as another user then; see {@link RunAs}.
 *   <li>{@code psql "$(cat <data-dir>/postgres/uri)"} looks into it.
 * </ol>
 *
 * <p>Thread-safe.
 */
public final class EmbeddedPostgres implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(EmbeddedPostgres.class);
    private static final Duration RECOVERY_LIMIT = Duration.ofMinutes(10);

    private final StoreFolder folder;
    private final Postmaster server;
    private final Database database;

    private EmbeddedPostgres(final StoreFolder folder, final Postmaster server, final Database database) {
        this.folder = folder;
        this.server = server;
        this.database = database;
    }

    /**
     * Starts the PostgreSQL of a data folder, and makes it first if there is none. Crash recovery may take up to 10 min.
     *
     * @param dataDir the data folder of Millrace; made if missing
     * @throws StartupException if it cannot be started; the message says why and what to do
     * @throws InterruptedException if the thread is interrupted meanwhile; no server is left behind
     */
    public static EmbeddedPostgres start(final Path dataDir) throws InterruptedException {
        return start(dataDir, RECOVERY_LIMIT);
    }

    /** As {@link #start(Path)}, with a limit of one's own for crash recovery. */
    public static EmbeddedPostgres start(final Path dataDir, final Duration recoveryLimit) throws InterruptedException {
        final Path parent = dataDir.toAbsolutePath().normalize();
        try {
            Files.createDirectories(parent);
            return start(parent, recoveryLimit, RunAs.choose(parent));
        } catch (final IOException e) {
            throw new StartupException(
                    "cannot start the embedded PostgreSQL in " + parent + ": " + e
                            + ": give a --data-dir on a disk with room that this user can write,"
                            + " or a server by --postgres",
                    e);
        }
    }

    static EmbeddedPostgres start(final Path dataDir, final Duration recoveryLimit, final RunAs runAs)
            throws IOException, InterruptedException {
        final StoreFolder folder = StoreFolder.take(dataDir.resolve("postgres"));
        boolean started = false;
        try {
            final EmbeddedPostgres postgres = start(folder, recoveryLimit, runAs);
            started = true;
            return postgres;
        } finally {
            if (!started) {
                folder.close();
            }
        }
    }

    private static EmbeddedPostgres start(final StoreFolder folder, final Duration recoveryLimit, final RunAs runAs)
            throws IOException, InterruptedException {
        final long startNanos = System.nanoTime();
        final PostgresBinaries binaries = PostgresBinaries.locate(caches(folder.path()), runAs);
        final PostgresCluster cluster = new PostgresCluster(folder.path(), runAs, binaries);
        cluster.stopOrphans();
        final String password = cluster.password();
        cluster.initialize(Database.USER);
        runAs.own(folder.path());

        final Postmaster server = Postmaster.start(cluster, recoveryLimit);
        boolean usable = false;
        try {
            final Database database = new Database(server.port(), password);
            database.ensureExists();
            folder.writeUri(database.uri());
            usable = true;
            LOGGER.info(
                    "PostgreSQL runs on 127.0.0.1:{} (pid {}), started in {} ms",
                    server.port(),
                    server.pid(),
                    Duration.ofNanos(System.nanoTime() - startNanos).toMillis());
            return new EmbeddedPostgres(folder, server, database);
        } catch (final SQLException e) {
            throw new StartupException(
                    "the embedded PostgreSQL in " + folder.path() + " refuses its user " + Database.USER + ": "
                            + e.getMessage() + ": mend that, or give a server by --postgres",
                    e);
        } finally {
            if (!usable) {
                server.close();
            }
        }
    }

    private static List<Path> caches(final Path home) {
        final Path own = home.resolveSibling("cache");
        final String configured = System.getenv("XDG_CACHE_HOME");
        final Path user = configured != null && configured.startsWith("/")
                ? Path.of(configured)
                : Path.of(System.getProperty("user.home"), ".cache");
        return user.isAbsolute() ? List.of(user.resolve("millrace"), own) : List.of(own);
    }

    /** Where the database {@code millrace} is, without user and password. */
    public String jdbcUrl() {
        return database.jdbcUrl();
    }

    /** The user, who owns the database and the server. */
    public String user() {
        return Database.USER;
    }

    /** The user's password. */
    public String password() {
        return database.password();
    }

    /** The process id of the server; another one after it was started again. */
    public long pid() {
        return server.pid();
    }

    /** Whether the server process is there; false between its death and its next start. */
    public boolean isAlive() {
        return server.isAlive();
    }

    /**
     * Stops the server: fast shutdown (up to 30 s), then immediate (10 s), then by force. A second call does nothing.
     *
     * @throws StartupException if even that did not end it
     * @throws IOException if the folder cannot be given back
     */
    @Override
    public void close() throws IOException {
        try (folder) {
            server.close();
        }
    }
}
