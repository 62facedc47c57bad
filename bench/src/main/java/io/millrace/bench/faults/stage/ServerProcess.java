package io.millrace.bench.faults.stage;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.bench.process.JavaCommand;
import io.millrace.storage.embedded.process.ChildProcess;
import io.millrace.storage.embedded.process.HeldPort;
import io.millrace.storage.embedded.process.ServerCommand;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A Millrace in a JVM of its own, at the same ports however often it is started. */
public final class ServerProcess implements AutoCloseable {
    private static final int START_SECONDS = 60;
    private static final Duration ANSWER = Duration.ofSeconds(20);
    private static final Duration END = Duration.ofSeconds(60);

    private final Path log;
    private final HeldPort ingestPort;
    private final HeldPort adminPort;
    private final AdminPort admin;
    private final List<String> options;
    private Launch launch;
    private ChildProcess process;
    private long logStart;

    /**
     * Holds its ports, and does not start it.
     *
     * @param options of {@code millrace run}
     */
    public ServerProcess(final Launch launch, final Path log, final List<String> options) throws IOException {
        this.launch = launch;
        this.log = log;
        this.options = List.copyOf(options);
        ingestPort = HeldPort.take();
        adminPort = HeldPort.take();
        admin = new AdminPort(adminPort.number());
    }

    /** From its next start on. */
    public void launch(final Launch launch) {
        this.launch = launch;
    }

    /** Starts it and waits until it takes events. */
    public void start() throws Exception {
        begin();
        awaitUp();
    }

    /** Starts it and does not wait. Further options go before those of the same name that it always has. */
    public void begin(final String... further) throws IOException, InterruptedException {
        logStart = Files.exists(log) ? Files.size(log) : 0;
        final List<String> line = new ArrayList<>(launch.command());
        line.add("--listen=127.0.0.1:" + ingestPort.number());
        line.add("--admin=127.0.0.1:" + adminPort.number());
        line.addAll(List.of(further));
        options.stream()
                .filter(option -> !names(further).contains(name(option)))
                .forEach(line::add);
        process = ChildProcess.start(
                new ServerCommand("millrace", JavaCommand.prefix(), line, "KILL", log), (pid, status) -> {});
    }

    private static List<String> names(final String... options) {
        return Stream.of(options).map(ServerProcess::name).toList();
    }

    private static String name(final String option) {
        return option.split("=", 2)[0];
    }

    /** Waits until it takes events. */
    public void awaitUp() throws Exception {
        Await.until("the server is up", START_SECONDS, () -> isUp() || !process.isAlive());
        if (!isUp()) {
            throw new StageException("the server ended with status " + process.exitStatus() + ": " + lastLine());
        }
    }

    private boolean isUp() throws IOException {
        return output().contains("\n  admin  ");
    }

    /** What it has printed since its last start. */
    public String output() throws IOException {
        if (!Files.exists(log)) {
            return "";
        }
        final byte[] bytes = Files.readAllBytes(log);
        return new String(bytes, (int) logStart, bytes.length - (int) logStart, UTF_8);
    }

    /** A total of the ledger that it printed when it ended. */
    public long lastLedger(final String name) throws IOException, StageException {
        final String ledger = output().lines()
                .filter(line -> line.startsWith("ledger {"))
                .reduce((before, line) -> line)
                .orElseThrow(() -> new StageException("the server printed no ledger when it ended"));
        return AdminPort.number(ledger, name);
    }

    /** In how many lines it has printed this, whichever start of it did. */
    public long timesLogged(final String text) throws IOException {
        if (!Files.exists(log)) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(log)) {
            return lines.filter(line -> line.contains(text)).count();
        }
    }

    /** Whether it has ever printed this, whichever start of it did. */
    public boolean hasLogged(final String text) throws IOException {
        return timesLogged(text) > 0;
    }

    private String lastLine() throws IOException {
        return output().lines().reduce("(nothing)", (before, line) -> line);
    }

    /** SIGKILL; returns when it is dead. */
    public void kill() throws Exception {
        Signals.send("KILL", process.pid());
        awaitExit();
    }

    /** Sends it a signal. */
    public void signal(final String signal) throws IOException, InterruptedException {
        Signals.send(signal, process.pid());
    }

    /** Waits for its end. @return its status; 128 + n after signal n */
    public int awaitExit() throws Exception {
        if (!process.awaitExit(END)) {
            throw new StageException("the server has not ended after " + END.toSeconds() + " s");
        }
        return process.exitStatus();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public long pid() {
        return process.pid();
    }

    /** Where events go. */
    public InetSocketAddress ingest() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), ingestPort.number());
    }

    /** The status of the answer to a GET of the ingest port, on a connection of its own. */
    public int statusOf(final String target) throws IOException, InterruptedException {
        final URI uri = URI.create("http://127.0.0.1:" + ingestPort.number() + target);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).timeout(ANSWER).build(), BodyHandlers.discarding())
                .statusCode();
    }

    public AdminPort admin() {
        return admin;
    }

    @Override
    public void close() throws IOException {
        try (ingestPort;
                adminPort) {
            if (process != null && process.isAlive()) {
                Signals.end(process);
            }
        }
    }
}
