package io.millrace.server.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Another command of the jar in a JVM of its own: {@code tail}, {@code replay}. */
final class CommandProcess implements AutoCloseable {
    private static final int END_SECONDS = 180;

    private final Process process;
    private final List<String> out = new ArrayList<>();
    private final List<String> err = new ArrayList<>();
    private final Thread outReader;
    private final Thread errReader;

    private CommandProcess(final Process process) {
        this.process = process;
        outReader = reader(process.getInputStream(), out);
        errReader = reader(process.getErrorStream(), err);
    }

    static CommandProcess start(final String command, final List<String> options) throws IOException {
        final List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(QuickJvm.OPTIONS);
        line.addAll(
                List.of("-Xmx256m", "-jar", Path.of("target", "millrace.jar").toString(), command));
        line.addAll(options);
        return new CommandProcess(new ProcessBuilder(line).start());
    }

    private static Thread reader(final InputStream stream, final List<String> lines) {
        final Thread thread = new Thread(() -> {
            try (BufferedReader in = new BufferedReader(new InputStreamReader(stream, UTF_8))) {
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                    synchronized (lines) {
                        lines.add(line);
                    }
                }
            } catch (final IOException e) {
                synchronized (lines) {
                    lines.add(e.toString());
                }
            }
        });
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    long pid() {
        return process.pid();
    }

    /** Its standard input. */
    OutputStream in() {
        return process.getOutputStream();
    }

    /** What it has written to standard output so far. */
    List<String> out() {
        synchronized (out) {
            return List.copyOf(out);
        }
    }

    /** What it has written to standard error so far. */
    String err() {
        synchronized (err) {
            return String.join("\n", err);
        }
    }

    /** Waits for its end and returns the exit status. */
    int awaitExit() throws InterruptedException {
        if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("it has not ended after " + END_SECONDS + " s:\n" + err());
        }
        outReader.join();
        errReader.join();
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly()
                .onExit()
                .orTimeout(END_SECONDS, TimeUnit.SECONDS)
                .join();
    }
}
