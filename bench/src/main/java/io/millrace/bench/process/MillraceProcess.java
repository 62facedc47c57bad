package io.millrace.bench.process;

import static java.nio.charset.StandardCharsets.UTF_8;

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
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server with its embedded Redis and PostgreSQL, in a JVM of its own on free ports, as {@code millrace run} starts it: that
 * JVM's options stand in {@code MILLRACE_JAVA_OPTS} here too.
 *
 * <p>Not thread-safe, but {@link #close()} may be called from any thread.
 */
public final class MillraceProcess implements AutoCloseable {
    private static final Pattern ADDRESS = Pattern.compile("\\s*(ingest|admin)\\s+http://127\\.0\\.0\\.1:([0-9]+)\\s*");
    private static final Pattern DATABASE = Pattern.compile("postgresql://([^:]+):([^@]+)@([^/]+/[^?]+)\\?.*");
    private static final Duration REQUEST_LIMIT = Duration.ofSeconds(60);
    private static final long STOP_SECONDS = 60;

    private final Process process;
    private final Path folder;
    private final HttpClient http = HttpClient.newHttpClient();
    private InetSocketAddress ingest;
    private InetSocketAddress admin;

    private MillraceProcess(final Process process, final Path folder) {
        this.process = process;
        this.folder = folder;
    }

    /**
     * Starts a server and waits until it is ready.
     *
     * @param jar the server's
     * @param folder where its data and its log go
     * @param options of {@code millrace run}
     * @throws IOException if it does not start; the message has its log
     */
    public static MillraceProcess start(final Path jar, final Path folder, final List<String> options)
            throws IOException {
        final List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.add("-XX:+ExitOnOutOfMemoryError");
        if (Runtime.version().feature() >= 24) {
            line.addAll(List.of("--sun-misc-unsafe-memory-access=allow", "-Dio.netty.noUnsafe=false"));
        }
        line.addAll(jvmOptions());
        line.addAll(List.of("-jar", jar.toString(), "run", "--listen=127.0.0.1:0", "--admin=127.0.0.1:0"));
        line.add("--data-dir=" + folder.resolve("data"));
        line.addAll(options);
        Files.createDirectories(folder);
        final Path log = folder.resolve("server.log");
        final MillraceProcess server = new MillraceProcess(
                new ProcessBuilder(line).redirectError(log.toFile()).start(), folder);
        boolean started = false;
        try {
            server.awaitAddresses(log);
            started = true;
            return server;
        } finally {
            if (!started) {
                server.close();
            }
        }
    }

    /** The server beside the launcher; beside this module where there is none, as in tests. */
    public static Path jar() {
        final Path root = Path.of(System.getProperty("millrace.home", ".."));
        return root.resolve("server").resolve("target").resolve("millrace.jar");
    }

    private static List<String> jvmOptions() {
        final String options =
                System.getenv().getOrDefault("MILLRACE_JAVA_OPTS", "").strip();
        return options.isEmpty() ? List.of() : List.of(options.split("\\s+"));
    }

    private void awaitAddresses(final Path log) throws IOException {
        final BufferedReader output = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
        while (ingest == null || admin == null) {
            final String line = output.readLine();
            if (line == null) {
                throw new IOException("the server does not start:\n" + Files.readString(log));
            }
            final Matcher address = ADDRESS.matcher(line);
            if (address.matches()) {
                final InetSocketAddress found =
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(address.group(2)));
                if (address.group(1).equals("ingest")) {
                    ingest = found;
                } else {
                    admin = found;
                }
            }
        }
    }

    /** Where it takes events in. */
    public InetSocketAddress ingest() {
        return ingest;
    }

    /** The process id of the server. Its stores are its descendants. */
    public long pid() {
        return process.pid();
    }

    /** Whether it has not ended. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** What the admin port answers to a GET, whatever the status. */
    public String get(final String path) throws IOException, InterruptedException {
        final URI uri = URI.create("http://127.0.0.1:" + admin.getPort() + path);
        return http.send(HttpRequest.newBuilder(uri).timeout(REQUEST_LIMIT).build(), BodyHandlers.ofString())
                .body();
    }

    /** A connection to its PostgreSQL. */
    public Connection connect() throws IOException, SQLException {
        final String uri = Files.readString(
                        folder.resolve("data").resolve("postgres").resolve("uri"))
                .strip();
        final Matcher parts = DATABASE.matcher(uri);
        if (!parts.matches()) {
            throw new IOException("no address of a database in " + folder);
        }
        return DriverManager.getConnection(
                "jdbc:postgresql://" + parts.group(3) + "?sslmode=disable&gssEncMode=disable",
                parts.group(1),
                parts.group(2));
    }

    /** Stops it by SIGTERM, and by SIGKILL if that takes longer than a minute; its stores end with it. */
    @Override
    public void close() {
        process.destroy();
        boolean ended = false;
        try {
            ended = process.waitFor(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!ended) {
            process.destroyForcibly();
        }
    }
}
