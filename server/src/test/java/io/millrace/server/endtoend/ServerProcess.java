package io.millrace.server.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A server in a JVM of its own, run from the jar as the launcher runs it. */
final class ServerProcess implements AutoCloseable {
    private static final int START_SECONDS = 180;
    private static final int STOP_SECONDS = 180;

    private final Process process;
    private final Thread reader;
    private final List<String> output = new ArrayList<>();
    private InetSocketAddress ingestSeen;
    private InetSocketAddress adminSeen;
    private final CompletableFuture<InetSocketAddress> ingest = new CompletableFuture<>();
    private final CompletableFuture<InetSocketAddress> admin = new CompletableFuture<>();

    private ServerProcess(final Process process) {
        this.process = process;
        reader = new Thread(this::readOutput, "server-output");
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts a server, on any free ports if none are given, and returns at once. */
    static ServerProcess launch(final List<String> options) throws IOException {
        return launch(QuickJvm.OPTIONS, options);
    }

    /** Likewise, with the JVM as it is: for a test under load. */
    static ServerProcess launchForLoad(final List<String> options) throws IOException {
        return launch(List.of(), options);
    }

    private static ServerProcess launch(final List<String> jvm, final List<String> options) throws IOException {
        final List<String> all = new ArrayList<>(options);
        for (final String port : List.of("--listen", "--admin")) {
            if (!options.contains(port)) {
                all.addAll(List.of(port, "127.0.0.1:0"));
            }
        }
        return new ServerProcess(
                new ProcessBuilder(command(jvm, all)).redirectErrorStream(true).start());
    }

    /** The command line of a server with these options and no others. */
    static List<String> command(final List<String> jvm, final List<String> options) {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvm);
        command.addAll(List.of("-Xmx512m", "-jar", jar().toString(), "run"));
        command.addAll(options);
        return command;
    }

    /** Starts a server and waits until it says that it is ready; one that does not is ended. */
    static ServerProcess start(final List<String> options) throws IOException {
        return ready(launch(options));
    }

    /** Likewise, with the JVM as it is: for a test under load. */
    static ServerProcess startForLoad(final List<String> options) throws IOException {
        return ready(launchForLoad(options));
    }

    /** Likewise, one that is not run from the jar. */
    static ServerProcess start(final ProcessBuilder command) throws IOException {
        return ready(new ServerProcess(command.redirectErrorStream(true).start()));
    }

    private static ServerProcess ready(final ServerProcess server) throws IOException {
        try {
            server.ingest();
            server.admin();
        } catch (final IOException e) {
            server.close();
            throw e;
        }
        return server;
    }

    InetSocketAddress ingest() throws IOException {
        return await(ingest);
    }

    InetSocketAddress admin() throws IOException {
        return await(admin);
    }

    /** Asks the admin port. */
    HttpClient.Reply admin(final String target) throws IOException {
        try (HttpClient client = new HttpClient(admin())) {
            client.get(target);
            return client.exchange();
        }
    }

    /** Sends SIGTERM and returns the exit status. */
    int stop() throws InterruptedException {
        // Not Process.destroy(): that closes the pipe too, and with it goes what the server prints last.
        process.toHandle().destroy();
        return awaitExit();
    }

    /** Sends SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        awaitExit();
    }

    /** Waits until the process has ended, and returns its exit status. */
    int awaitExit() throws InterruptedException {
        if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("the server has not ended after " + STOP_SECONDS + " s:\n" + output());
        }
        // What it printed last is still on its way when it has ended.
        reader.join();
        return process.exitValue();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /** What it has printed so far. */
    String output() {
        synchronized (output) {
            return String.join("\n", output);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly()
                .onExit()
                .orTimeout(STOP_SECONDS, TimeUnit.SECONDS)
                .join();
    }

    private <T> T await(final CompletableFuture<T> future) throws IOException {
        try {
            return future.get(START_SECONDS, TimeUnit.SECONDS);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (final ExecutionException | TimeoutException e) {
            throw new IOException("the server is not ready:\n" + output(), e);
        }
    }

    private void readOutput() {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                synchronized (output) {
                    output.add(line);
                }
                announced(line.strip().split("\\s+", -1));
            }
            ingest.completeExceptionally(new IOException("it has ended"));
            admin.completeExceptionally(new IOException("it has ended"));
        } catch (final IOException e) {
            ingest.completeExceptionally(e);
            admin.completeExceptionally(e);
        }
    }

    /** A server that is up says so in several lines: whoever waits for its addresses finds all of them in its output. */
    private void announced(final String[] words) {
        if (words.length == 2 && words[1].matches("https?://.*")) {
            final URI uri = URI.create(words[1]);
            final InetSocketAddress address = new InetSocketAddress(uri.getHost(), uri.getPort());
            if (words[0].equals("ingest")) {
                ingestSeen = address;
            } else if (words[0].equals("admin")) {
                adminSeen = address;
            }
        }
        final String last = ingestSeen == null ? "data" : "try";
        if (adminSeen != null && words[0].equals(last)) {
            if (ingestSeen != null) {
                ingest.complete(ingestSeen);
            }
            admin.complete(adminSeen);
        }
    }

    private static Path jar() {
        final Path jar = Path.of("target", "millrace.jar");
        if (!Files.exists(jar)) {
            throw new IllegalStateException(jar.toAbsolutePath() + " is missing: build with 'mvn package' first");
        }
        return jar;
    }
}
