package io.millrace.storage.embedded.postgres;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Another JVM that starts the PostgreSQL of a folder, stores a row and then waits to be killed. */
final class PostgresOwner implements AutoCloseable {
    static final String STORED = "by the owner";

    private final Process process;
    private final BufferedReader output;
    private final long serverPid;

    private PostgresOwner(final Process process, final BufferedReader output, final long serverPid) {
        this.process = process;
        this.output = output;
        this.serverPid = serverPid;
    }

    /** Starts it and waits until its server runs. */
    static PostgresOwner start(final Path dataDir) throws IOException {
        return start(dataDir, List.of(), System.getProperty("java.class.path"));
    }

    /** Starts it by a command that goes before, and with another class path. */
    static PostgresOwner start(final Path dataDir, final List<String> prefix, final String classPath)
            throws IOException {
        final List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classPath,
                PostgresOwner.class.getName(),
                dataDir.toString()));
        final Process process =
                new ProcessBuilder(command).redirectErrorStream(true).start();
        final BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        final StringBuilder said = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith("server ")) {
                return new PostgresOwner(process, output, Long.parseLong(line.substring("server ".length())));
            }
            said.append(line).append('\n');
        }
        process.destroyForcibly();
        throw new IllegalStateException("the owner did not start: " + said);
    }

    /** Copies the class path to where every user can read it: the local repository often is private. */
    static Path shareClassPath(final Path folder) throws IOException {
        Files.createDirectory(folder);
        for (final String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            final Path source = Path.of(entry);
            if (Files.isRegularFile(source)) {
                Files.copy(source, folder.resolve(source.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            } else if (Files.isDirectory(source)) {
                shareClasses(source, folder);
            }
        }
        return folder;
    }

    private static void shareClasses(final Path source, final Path folder) throws IOException {
        try (Stream<Path> tree = Files.walk(source)) {
            for (final Path path : tree.filter(Files::isRegularFile).toList()) {
                final Path copy = folder.resolve(source.relativize(path).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(path, copy, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    long pid() {
        return process.pid();
    }

    long serverPid() {
        return serverPid;
    }

    void kill() throws InterruptedException {
        process.destroyForcibly();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the owner outlived kill -9");
        }
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        output.close();
    }

    /** The program of the other JVM. */
    public static void main(final String[] arguments) throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(Path.of(arguments[0]))) {
            KeptValue.store(postgres, STORED);
            System.out.println("server " + postgres.pid());
            System.out.flush();
            // The end of this stream is the end of whoever started this.
            System.in.transferTo(OutputStream.nullOutputStream());
        }
    }
}
