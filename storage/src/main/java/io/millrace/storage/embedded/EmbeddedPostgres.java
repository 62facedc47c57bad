package io.millrace.storage.embedded;

import io.millrace.storage.StartupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
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
 *   <li>A folder has one owner: a second start is refused as long as the first one lives.
 *   <li>It runs as root too, as another user then; see {@link RunAs}.
 * </ol>
 *
 * <p>Thread-safe.
 */
public final class EmbeddedPostgres implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(EmbeddedPostgres.class);
    private static final String USER = "millrace";
    private static final String DATABASE = "millrace";
    private static final String MAINTENANCE_DATABASE = "postgres";
    private static final String INVALID_CATALOG_NAME = "3D000";
    private static final Duration RECOVERY_LIMIT = Duration.ofMinutes(10);

    private final DirectoryLock lock;
    private final Postmaster server;
    private final String password;
    private boolean closed;

    private EmbeddedPostgres(final DirectoryLock lock, final Postmaster server, final String password) {
        this.lock = lock;
        this.server = server;
        this.password = password;
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
        final Path folder = dataDir.toAbsolutePath().normalize();
        try {
            Files.createDirectories(folder);
            return start(folder, recoveryLimit, RunAs.choose(folder));
        } catch (final IOException e) {
            throw new StartupException(
                    "cannot start the embedded PostgreSQL in " + folder + ": " + e
                            + ": give a --data-dir on a disk with room that this user can write,"
                            + " or a server by --postgres",
                    e);
        }
    }

    static EmbeddedPostgres start(final Path dataDir, final Duration recoveryLimit, final RunAs runAs)
            throws IOException, InterruptedException {
        final Path home = dataDir.resolve("postgres");
        Trees.createPrivate(home);
        final DirectoryLock lock = DirectoryLock.acquire(home);
        boolean started = false;
        try {
            final EmbeddedPostgres postgres = start(home, lock, recoveryLimit, runAs);
            started = true;
            return postgres;
        } finally {
            if (!started) {
                lock.close();
            }
        }
    }

    private static EmbeddedPostgres start(
            final Path home, final DirectoryLock lock, final Duration recoveryLimit, final RunAs runAs)
            throws IOException, InterruptedException {
        final long startNanos = System.nanoTime();
        final PostgresBinaries binaries = PostgresBinaries.locate(caches(home), runAs);
        final PostgresCluster cluster = new PostgresCluster(home, runAs, binaries);
        cluster.stopOrphan();
        final String password = cluster.password();
        cluster.initialize(USER);
        runAs.own(home);

        final Postmaster server = Postmaster.start(cluster, recoveryLimit);
        final EmbeddedPostgres postgres = new EmbeddedPostgres(lock, server, password);
        boolean usable = false;
        try {
            postgres.ensureDatabase();
            usable = true;
        } catch (final SQLException e) {
            throw new StartupException(
                    "the embedded PostgreSQL in " + home + " refuses its user " + USER + ": " + e.getMessage()
                            + ": mend that, or give a server by --postgres",
                    e);
        } finally {
            if (!usable) {
                server.stop();
            }
        }
        LOGGER.info(
                "PostgreSQL runs on 127.0.0.1:{} (pid {}), started in {} ms",
                server.port(),
                server.pid(),
                Duration.ofNanos(System.nanoTime() - startNanos).toMillis());
        return postgres;
    }

    private static List<Path> caches(final Path home) {
        final Path own = home.resolveSibling("cache");
        final String configured = System.getenv("XDG_CACHE_HOME");
        final Path user = configured != null && configured.startsWith("/")
                ? Path.of(configured)
                : Path.of(System.getProperty("user.home"), ".cache");
        return user.isAbsolute() ? List.of(user.resolve("millrace"), own) : List.of(own);
    }

    private void ensureDatabase() throws SQLException {
        try (Connection connection = connect(DATABASE)) {
            connection.clearWarnings();
        } catch (final SQLException e) {
            if (!INVALID_CATALOG_NAME.equals(e.getSQLState())) {
                throw e;
            }
            try (Connection connection = connect(MAINTENANCE_DATABASE);
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE DATABASE " + DATABASE);
            }
        }
    }

    private Connection connect(final String database) throws SQLException {
        final Properties properties = new Properties();
        properties.setProperty("user", user());
        properties.setProperty("password", password());
        return DriverManager.getConnection(url(database), properties);
    }

    private String url(final String database) {
        return "jdbc:postgresql://127.0.0.1:" + server.port() + "/" + database + "?sslmode=disable&gssEncMode=disable";
    }

    /** Where the database {@code millrace} is, without user and password. */
    public String jdbcUrl() {
        return url(DATABASE);
    }

    /** The user, who owns the database and the server. */
    public String user() {
        return USER;
    }

    /** The user's password. */
    public String password() {
        return password;
    }

    /** The process id of the server. */
    public long pid() {
        return server.pid();
    }

    /** Whether the server process is still there. */
    public boolean isAlive() {
        return server.isAlive();
    }

    /**
     * Stops the server: fast shutdown (up to 30 s), then immediate (10 s), then by force. A second call does nothing.
     *
     * @throws StartupException if even that did not end it
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        boolean interrupted = Thread.interrupted();
        try {
            if (!server.stop()) {
                throw new StartupException("PostgreSQL (pid " + server.pid() + ") does not end");
            }
        } catch (final InterruptedException e) {
            interrupted = true;
        } finally {
            closeLock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void closeLock() {
        try {
            lock.close();
        } catch (final IOException e) {
            LOGGER.warn("cannot release the folder's lock", e);
        }
    }
}
