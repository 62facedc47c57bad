package io.millrace.bench.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.bench.Bench;
import io.millrace.storage.embedded.process.ChildProcess;
import io.millrace.storage.embedded.process.ServerCommand;
import io.millrace.storage.embedded.process.StopSequence;
import java.io.IOException;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A service with its embedded Redis and PostgreSQL, in a JVM of its own on free ports, as {@code millrace run} starts one: that
 * JVM's options stand in {@code MILLRACE_JAVA_OPTS} here too. It ends with this process, however that ends.
 *
 * <p>Not thread-safe, but {@link #close()} may be called from any thread.
 */
public final class ServiceProcess implements AutoCloseable {
    private static final String INGEST = "ingest";
    private static final String ADMIN = "admin";
    private static final String DATA = "data";
    private static final Pattern ADDRESS =
            Pattern.compile("(?m)^\\s*(ingest|admin)\\s+http://127\\.0\\.0\\.1:([0-9]+)\\s*\n");
    private static final Pattern DATABASE = Pattern.compile("postgresql://([^:]+):([^@]+)@([^/]+/[^?]+)\\?.*");
    private static final Duration REQUEST_LIMIT = Duration.ofSeconds(60);
    private static final Duration START_LIMIT = Duration.ofMinutes(3);
    private static final long POLL_NANOS = 10_000_000;
    private static final StopSequence STOP = StopSequence.of(
            new StopSequence.Step("TERM", Duration.ofSeconds(60)),
            new StopSequence.Step("KILL", Duration.ofSeconds(20)));

    private final ChildProcess process;
    private final Path folder;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, InetSocketAddress> addresses = new HashMap<>();

    private ServiceProcess(final ChildProcess process, final Path folder) {
        this.process = process;
        this.folder = folder;
    }

    /** Millrace's jar: beside the launcher, or beside this module where there is none, as in tests. */
    public static Path jar() {
        return Path.of(System.getProperty("millrace.home", ".."))
                .resolve("server")
                .resolve("target")
                .resolve("millrace.jar");
    }

    /**
     * Starts Millrace and waits until it is ready.
     *
     * @param jar the server's
     * @param folder where its data and its log go
     * @param options of {@code millrace run}
     * @throws IOException if it does not start; the message has its log
     */
    public static ServiceProcess startMillrace(final Path jar, final Path folder, final List<String> options)
            throws IOException, InterruptedException {
        final List<String> line =
                new ArrayList<>(List.of("-jar", jar.toString(), "run", "--listen=127.0.0.1:0", "--admin=127.0.0.1:0"));
        line.add("--data-dir=" + folder.resolve(DATA));
        line.addAll(options);
        return start(folder, line, List.of(INGEST, ADMIN));
    }

    /**
     * Starts a tool of this module that serves, and says so as Millrace does. It is given {@code --data-dir}.
     *
     * @param folder where its data and its log go
     * @param arguments its name and its other options
     * @throws IOException if it does not start; the message has its log
     */
    public static ServiceProcess startTool(final Path folder, final List<String> arguments)
            throws IOException, InterruptedException {
        final List<String> line =
                new ArrayList<>(List.of("-cp", System.getProperty("java.class.path"), Bench.class.getName()));
        line.addAll(arguments);
        line.add("--data-dir=" + folder.resolve(DATA));
        return start(folder, line, List.of(INGEST));
    }

    private static ServiceProcess start(final Path folder, final List<String> arguments, final List<String> addresses)
            throws IOException, InterruptedException {
        final List<String> line = JavaCommand.begin();
        line.addAll(arguments);
        Files.createDirectories(folder);
        final Path log = folder.resolve("server.log");
        Files.deleteIfExists(log);
        final ServiceProcess service = new ServiceProcess(
                ChildProcess.start(
                        new ServerCommand("server", JavaCommand.prefix(), line, "TERM", log), (pid, status) -> {}),
                folder);
        boolean started = false;
        try {
            service.awaitAddresses(log, addresses);
            started = true;
            return service;
        } finally {
            if (!started) {
                service.close();
            }
        }
    }

    private void awaitAddresses(final Path log, final List<String> wanted) throws IOException {
        final long deadlineNanos = System.nanoTime() + START_LIMIT.toNanos();
        while (!addresses.keySet().containsAll(wanted)) {
            // Asked before what it has said is read: what is not there then will not come.
            final boolean hasEnded = !process.isAlive();
            readAddresses(log);
            if (!addresses.keySet().containsAll(wanted) && (hasEnded || System.nanoTime() - deadlineNanos >= 0)) {
                throw new IOException("it does not start:\n" + Files.readString(log));
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private void readAddresses(final Path log) throws IOException {
        if (!Files.exists(log)) {
            return;
        }
        // A letter may be there by half.
        final Matcher address = ADDRESS.matcher(new String(Files.readAllBytes(log), UTF_8));
        while (address.find()) {
            addresses.put(
                    address.group(1),
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(address.group(2))));
        }
    }

    /** Where it takes events in. */
    public InetSocketAddress ingest() {
        return addresses.get(INGEST);
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
        final URI uri = URI.create("http://127.0.0.1:" + addresses.get(ADMIN).getPort() + path);
        return http.send(HttpRequest.newBuilder(uri).timeout(REQUEST_LIMIT).build(), BodyHandlers.ofString())
                .body();
    }

    /** A connection to its PostgreSQL. */
    public Connection connect() throws IOException, SQLException {
        final String uri = Files.readString(
                        folder.resolve(DATA).resolve("postgres").resolve("uri"))
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
    public void close() throws IOException {
        try {
            process.stop(STOP);
        } catch (final InterruptedException e) {
            // It has been killed; only nobody waits for it.
            Thread.currentThread().interrupt();
        }
    }
}
