package io.millrace.bench.load;

import io.millrace.bench.faults.stage.Launch;
import io.millrace.bench.faults.stage.ServerProcess;
import io.millrace.storage.embedded.postgres.EmbeddedPostgres;
import io.millrace.storage.embedded.redis.EmbeddedRedis;
import io.millrace.storage.testing.Await;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;

/** A server in a JVM of its own, with a Redis and a PostgreSQL that outlive it. */
final class MillraceServer implements AutoCloseable {
    private final EmbeddedRedis redis;
    private final EmbeddedPostgres postgres;
    private final ServerProcess server;

    private MillraceServer(final EmbeddedRedis redis, final EmbeddedPostgres postgres, final ServerProcess server) {
        this.redis = redis;
        this.postgres = postgres;
        this.server = server;
    }

    /** Starts all three on free ports. */
    static MillraceServer start(final Path folder) throws Exception {
        final Path stores = Files.createDirectories(folder.resolve("stores"));
        final EmbeddedRedis redis = EmbeddedRedis.start(stores);
        final EmbeddedPostgres postgres = EmbeddedPostgres.start(stores);
        final MillraceServer server = new MillraceServer(
                redis,
                postgres,
                new ServerProcess(
                        Launch.plain(Path.of("..").toAbsolutePath().normalize()),
                        folder.resolve("log"),
                        List.of(
                                "--data-dir=" + folder.resolve("data"),
                                "--redis=" + redis.uri(),
                                "--postgres=" + postgres.jdbcUrl() + "&user=" + postgres.user() + "&password="
                                        + postgres.password())));
        boolean started = false;
        try {
            server.restart();
            started = true;
            return server;
        } finally {
            if (!started) {
                server.close();
            }
        }
    }

    /** Starts the server, on the ports that it had if it ran before. */
    void restart() throws Exception {
        server.start();
    }

    InetSocketAddress ingest() {
        return server.ingest();
    }

    /** Sends SIGSTOP. */
    void freeze() throws Exception {
        server.signal("STOP");
    }

    /** Sends SIGKILL and waits for the end. */
    void kill() throws Exception {
        server.kill();
    }

    /** Waits until PostgreSQL has all that was accepted; returns how many events that are. */
    long awaitStored() throws Exception {
        Await.until("all is stored", () -> server.admin().get("/ledger").contains("\"inFlight\":0,"));
        return number("SELECT coalesce(sum(count), 0) FROM aggregated_events");
    }

    /** Waits until PostgreSQL has so many. */
    void awaitStored(final long events) throws Exception {
        Await.until(events + " are stored", () -> server.admin().ledger("stored") >= events);
    }

    private long number(final String sql) throws Exception {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /** Tells of every row of users. */
    void users(final Rows rows) throws Exception {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet users = statement.executeQuery("SELECT user_id, count FROM user_events")) {
            while (users.next()) {
                rows.row(users.getString(1), users.getLong(2));
            }
        }
    }

    private Connection connect() throws Exception {
        return DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
    }

    @Override
    public void close() throws IOException {
        try (redis;
                postgres) {
            server.close();
        }
    }

    /** Is told of rows. */
    interface Rows {
        void row(String user, long count);
    }
}
