package io.millrace.storage.embedded;

import io.millrace.storage.StartupException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Short-lived programs of the operating system. */
final class Tools {
    /** Far more than any of them takes; only a hung machine gets here. */
    private static final long LIMIT_SECONDS = 60;

    private static final List<Path> FOLDERS =
            List.of(Path.of("/usr/bin"), Path.of("/bin"), Path.of("/usr/sbin"), Path.of("/sbin"));

    /** What a program answered; {@code output} holds both of its streams. */
    record Result(int status, String output) {
        boolean succeeded() {
            return status == 0;
        }
    }

    private Tools() {}

    /** The full path of a program of the system, if it is installed. */
    static Optional<String> find(final String name) {
        return FOLDERS.stream()
                .map(folder -> folder.resolve(name))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }

    /** Runs a program to its end. */
    static Result run(final List<String> command) {
        try {
            final Path output = Files.createTempFile("millrace", ".out");
            try {
                final ProcessBuilder builder = new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectInput(Path.of("/dev/null").toFile())
                        .redirectOutput(output.toFile());
                builder.environment().clear();
                builder.environment().putAll(ChildProcess.plainEnvironment());
                final Process process = builder.start();
                if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw new StartupException(command + " did not end within " + LIMIT_SECONDS + " s");
                }
                return new Result(process.exitValue(), Files.readString(output, StandardCharsets.ISO_8859_1));
            } finally {
                Files.delete(output);
            }
        } catch (final IOException e) {
            throw new UncheckedIOException("cannot run " + command, e);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartupException("interrupted while " + command.get(0) + " ran", e);
        }
    }
}
