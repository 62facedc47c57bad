package io.millrace.bench.faults.stage;

import io.millrace.storage.embedded.postgres.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A PostgreSQL for all rows, each of which gets a database of its own. When it is killed it comes back by itself. */
public final class PostgresServer implements AutoCloseable {
    /** The session of an aggregator on the row's database, among the rows of {@code pg_stat_activity}. */
    public static final String OWNER = "application_name = 'millrace-aggregator' AND datname = current_database()";

    private static final int RECOVERY_SECONDS = 60;
    private static final int RECOVERY_POLL_MILLIS = 20;
    /** SQLSTATE while it starts, stops or recovers. */
    private static final String CANNOT_CONNECT_NOW = "57P03";

    private final Path folder;
    private EmbeddedPostgres server;
    private String database = "millrace";

    private PostgresServer(final Path folder) {
        this.folder = folder;
    }

    /** Starts one with its files in a folder. */
    public static PostgresServer start(final Path folder) throws InterruptedException {
        final PostgresServer postgres = new PostgresServer(folder);
        postgres.server = EmbeddedPostgres.start(folder);
        return postgres;
    }

    /** Makes an empty database, which all methods mean from now on. */
    void newDatabase(final String name, final String options) throws SQLException {
        database = "millrace";
        execute("CREATE DATABASE " + name + " ENCODING 'UTF8' TEMPLATE template0 " + options);
        database = name;
    }

    /** Drops the row's database. */
    void dropDatabase() throws SQLException {
        final String name = database;
        database = "millrace";
        execute("DROP DATABASE " + name + " WITH (FORCE)");
    }

    int port() {
        return Integer.parseInt(server.jdbcUrl().replaceFirst(".*:([0-9]+)/.*", "$1"));
    }

    private String jdbcUrl() {
        return server.jdbcUrl().replaceFirst("/millrace\\?", "/" + database + "?");
    }

    /** The value of the server's option {@code --postgres}, by way of a port. */
    String url(final int port) {
        return jdbcUrl().replaceFirst(":[0-9]+/", ":" + port + "/") + "&user=" + server.user() + "&password="
                + server.password();
    }

    /** A connection of the user who owns the server; waits while it recovers from the death of one of its processes. */
    public Connection connect() throws SQLException {
        final long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(RECOVERY_SECONDS);
        while (true) {
            try {
                return connectNow();
            } catch (final SQLException e) {
                if (!CANNOT_CONNECT_NOW.equals(e.getSQLState()) || System.nanoTime() - deadlineNanos >= 0) {
                    throw e;
                }
                Await.millis(RECOVERY_POLL_MILLIS);
            }
        }
    }

    private Connection connectNow() throws SQLException {
        return DriverManager.getConnection(jdbcUrl(), server.user(), server.password());
    }

    /** Runs statements, each in a transaction of its own. */
    public void execute(final String... statements) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (final String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** The first column of all rows, as numbers. */
    public List<Long> numbers(final String sql) throws SQLException {
        final List<Long> numbers = new ArrayList<>();
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                numbers.add(rows.getLong(1));
            }
        }
        return numbers;
    }

    /** The first column of the only row. */
    public long number(final String sql) throws SQLException {
        return numbers(sql).get(0);
    }

    /** The server processes of the aggregators' sessions. */
    public List<Long> ownerPids() throws SQLException {
        return numbers("SELECT pid FROM pg_stat_activity WHERE " + OWNER);
    }

    /** How many events the watermarks cover. */
    public long lastEvents() throws SQLException {
        return number("SELECT coalesce(sum(last_event), 0) FROM stream_watermarks");
    }

    /** Sends a signal to the postmaster, of which it dies, and waits for its successor. */
    public void restartBySignal(final String signal) throws Exception {
        final long pid = server.pid();
        Signals.send(signal, pid);
        Await.until("another PostgreSQL runs", RECOVERY_SECONDS, () -> server.pid() != pid && answers());
    }

    /** Sends a signal to one of its processes. */
    public void signal(final String signal, final long pid) throws IOException, InterruptedException {
        Signals.send(signal, pid);
    }

    /** Whether it takes connections. */
    public boolean answers() {
        try (Connection connection = connectNow()) {
            return connection.isValid(RECOVERY_SECONDS);
        } catch (final SQLException notYet) {
            return false;
        }
    }

    /** SIGSTOP for all its processes. */
    public void pause() throws IOException, InterruptedException {
        Signals.sendToTree("STOP", server.pid());
    }

    /** SIGCONT. */
    public void resume() throws IOException, InterruptedException {
        Signals.sendToTree("CONT", server.pid());
    }

    /** Stops it in good order; it stays down. */
    public void stop() throws IOException {
        server.close();
    }

    /** Starts it again after {@link #stop()}. */
    public void start() throws InterruptedException, StageException {
        final int port = port();
        server = EmbeddedPostgres.start(folder);
        if (port() != port) {
            throw new StageException("somebody took PostgreSQL's port " + port + " meanwhile");
        }
    }

    /** How many deadlocks have been broken in the row's database. */
    public long deadlocks() throws SQLException {
        return number("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()");
    }

    /** The postmaster's process id. */
    public long pid() {
        return server.pid();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
