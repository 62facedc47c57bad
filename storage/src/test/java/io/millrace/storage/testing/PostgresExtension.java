package io.millrace.storage.testing;

import io.millrace.storage.embedded.postgres.EmbeddedPostgres;
import io.millrace.storage.postgres.PostgresSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.postgresql.Driver;

/**
 * A PostgreSQL for tests: one server a JVM, started by the first class that registers the extension in a static field, and
 * as many new databases as a test wants. These go with the class: after a kill, recovery syncs every file of every database.
 */
public final class PostgresExtension implements BeforeAllCallback, AfterAllCallback {
    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(PostgresExtension.class);
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private final List<PostgresSettings> databases = new ArrayList<>();
    private EmbeddedPostgres server;
    private Path dataDir;

    @Override
    public void beforeAll(final ExtensionContext context) {
        final Server running = context.getRoot()
                .getStore(NAMESPACE)
                .getOrComputeIfAbsent(Server.class, key -> Server.start(), Server.class);
        server = running.postgres();
        dataDir = running.dataDir();
    }

    @Override
    public void afterAll(final ExtensionContext context) throws Exception {
        for (final PostgresSettings database : List.copyOf(databases)) {
            // The last test may have killed the server.
            Await.success("the database is dropped", () -> {
                drop(database);
                return null;
            });
        }
    }

    /** Makes an empty UTF8 database. */
    public PostgresSettings newDatabase() throws SQLException {
        return newDatabase("ENCODING 'UTF8' TEMPLATE template0");
    }

    /** Makes an empty database with these options of CREATE DATABASE. */
    public PostgresSettings newDatabase(final String options) throws SQLException {
        final PostgresSettings settings = new PostgresSettings(server.jdbcUrl(), server.user(), server.password());
        final String name = "test_" + DATABASES.incrementAndGet();
        execute(settings, "CREATE DATABASE " + name + " " + options);
        final PostgresSettings database = new PostgresSettings(
                settings.jdbcUrl().replaceFirst("/[^/?]+(\\?|$)", "/" + name + "$1"), server.user(), server.password());
        databases.add(database);
        return database;
    }

    /** Drops a database, whoever is connected to it. */
    public void drop(final PostgresSettings database) throws SQLException {
        final PostgresSettings settings = new PostgresSettings(server.jdbcUrl(), server.user(), server.password());
        final String name = database.jdbcUrl().replaceFirst(".*/([^/?]+).*", "$1");
        execute(settings, "DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
        databases.remove(database);
    }

    /** Gives a folder to the user that the server runs as. */
    public void own(final Path directory) throws IOException {
        final String uid = "unix:uid";
        Files.setAttribute(directory, uid, Files.getAttribute(dataDir.resolve("postgres"), uid));
    }

    /** Kills the server and waits for its successor, which comes by itself and recovers. Other databases suffer too. */
    public void kill() throws Exception {
        final long pid = server.pid();
        Signals.send("KILL", pid);
        Await.until("another PostgreSQL runs", () -> server.pid() != pid);
    }

    /** Stalls the server with all its processes: its socket accepts, and nothing answers. */
    public void pause() throws Exception {
        // The postmaster first: it starts no child then, and one that ends stays as a zombie, which takes signals.
        Signals.send("STOP", server.pid());
        signalChildren("STOP");
    }

    /** Ends the stall. */
    public void resume() throws Exception {
        // The postmaster last: until then no child comes or goes for good.
        signalChildren("CONT");
        Signals.send("CONT", server.pid());
    }

    private void signalChildren(final String signal) throws Exception {
        final ProcessHandle postmaster = ProcessHandle.of(server.pid()).orElseThrow();
        for (final ProcessHandle child : postmaster.children().toList()) {
            Signals.send(signal, child.pid());
        }
    }

    /** Connects as the tests' user, who owns the server. */
    public static Connection connect(final PostgresSettings settings) throws SQLException {
        final Properties properties = new Properties();
        properties.setProperty("user", settings.user());
        properties.setProperty("password", settings.password());
        return new Driver().connect(settings.jdbcUrl(), properties);
    }

    /** Runs statements, each in a transaction of its own. */
    public static void execute(final PostgresSettings settings, final String... statements) throws SQLException {
        try (Connection connection = connect(settings);
                Statement statement = connection.createStatement()) {
            for (final String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** Runs a query; each row is its columns as text. */
    public static List<List<String>> rows(final PostgresSettings settings, final String query) throws SQLException {
        final List<List<String>> rows = new ArrayList<>();
        try (Connection connection = connect(settings);
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            while (result.next()) {
                final List<String> row = new ArrayList<>();
                for (int column = 1; column <= result.getMetaData().getColumnCount(); column++) {
                    row.add(result.getString(column));
                }
                rows.add(row);
            }
        }
        return rows;
    }

    /** The first column of the first row, a number. */
    public static long number(final PostgresSettings settings, final String query) throws SQLException {
        return Long.parseLong(rows(settings, query).get(0).get(0));
    }

    private record Server(EmbeddedPostgres postgres, Path dataDir) implements AutoCloseable {
        static Server start() {
            try {
                final Path dataDir = Files.createTempDirectory("millrace-test");
                return new Server(EmbeddedPostgres.start(dataDir), dataDir);
            } catch (final IOException e) {
                throw new IllegalStateException("no folder for the test's PostgreSQL", e);
            } catch (final InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while PostgreSQL was starting", e);
            }
        }

        @Override
        public void close() throws IOException {
            postgres.close();
            TempFolders.delete(dataDir);
        }
    }
}
