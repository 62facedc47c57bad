package io.millrace.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.storage.embedded.postgres.EmbeddedPostgres;
import io.millrace.storage.embedded.redis.EmbeddedRedis;
import io.millrace.storage.testing.Await;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server in a JVM of its own, with a Redis and a PostgreSQL that outlive it. */
final class MillraceServer implements AutoCloseable {
    private static final Path JAR = Path.of("..", "server", "target", "millrace.jar");
    private static final Pattern ADDRESS = Pattern.compile("\\s*(ingest|admin)\\s+http://127\\.0\\.0\\.1:([0-9]+)\\s*");

    private final Path folder;
    private final EmbeddedRedis redis;
    private final EmbeddedPostgres postgres;
    private final HttpClient http = HttpClient.newHttpClient();
    private Process process;
    private int ingestPort;
    private int adminPort;

    private MillraceServer(final Path folder) throws Exception {
        this.folder = folder;
        redis = EmbeddedRedis.start(folder.resolve("stores"));
        postgres = EmbeddedPostgres.start(folder.resolve("stores"));
    }

    /** Starts all three on free ports. */
    static MillraceServer start(final Path folder) throws Exception {
        Files.createDirectories(folder.resolve("stores"));
        final MillraceServer server = new MillraceServer(folder);
        server.restart();
        return server;
    }

    /** Starts the server, on the ports that it had if it ran before. */
    void restart() throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-jar",
                        JAR.toString(),
                        "run",
                        "--listen=127.0.0.1:" + ingestPort,
                        "--admin=127.0.0.1:" + adminPort,
                        "--data-dir=" + folder.resolve("data"),
                        "--redis=" + redis.uri(),
                        "--postgres=" + postgres.jdbcUrl() + "&user=" + postgres.user() + "&password="
                                + postgres.password())
                .redirectError(folder.resolve("log").toFile())
                .start();
        final BufferedReader output = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
        int found = 0;
        for (String line = output.readLine(); found < 2; line = output.readLine()) {
            if (line == null) {
                throw new IOException("the server does not start:\n" + Files.readString(folder.resolve("log")));
            }
            final Matcher address = ADDRESS.matcher(line);
            if (address.matches()) {
                found++;
                final int port = Integer.parseInt(address.group(2));
                if (address.group(1).equals("ingest")) {
                    ingestPort = port;
                } else {
                    adminPort = port;
                }
            }
        }
    }

    InetSocketAddress ingest() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), ingestPort);
    }

    /** Sends SIGKILL and waits for the end. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Waits until PostgreSQL has all that was accepted; returns how many events that are. */
    long awaitStored() throws Exception {
        await("all is stored", () -> ledger("inFlight") == 0);
        return number("SELECT coalesce(sum(count), 0) FROM aggregated_events");
    }

    /** Waits until PostgreSQL has so many. */
    void awaitStored(final long events) throws Exception {
        await(events + " are stored", () -> ledger("stored") >= events);
    }

    void await(final String what, final Callable<Boolean> condition) throws Exception {
        Await.until(what, () -> condition.call());
    }

    private long ledger(final String name) throws Exception {
        final HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort + "/ledger"))
                .build();
        final String body = http.send(request, BodyHandlers.ofString()).body();
        final Matcher number = Pattern.compile("\"" + name + "\":([0-9]+)").matcher(body);
        if (!number.find()) {
            throw new IOException("no " + name + " in " + body);
        }
        return Long.parseLong(number.group(1));
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
        process.destroyForcibly().onExit().orTimeout(60, TimeUnit.SECONDS).join();
        redis.close();
        postgres.close();
    }

    /** Is told of rows. */
    interface Rows {
        void row(String user, long count);
    }
}
