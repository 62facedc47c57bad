package io.millrace.storage.embedded.process;

import io.millrace.storage.StartupException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Short-lived programs of the operating system. Thread-safe. */
public final class Tools {
    /** Far more than any of them takes; only a hung machine gets here. */
    private static final long LIMIT_SECONDS = 60;

    private static final List<Path> SYSTEM_FOLDERS = List.of(
            Path.of("/usr/local/bin"), Path.of("/usr/bin"), Path.of("/bin"), Path.of("/usr/sbin"), Path.of("/sbin"));

    /**
     * What a program answered.
     *
     * @param output of both its streams
     */
    public record Result(int status, String output) {
        /** Whether the status is 0. */
        public boolean succeeded() {
            return status == 0;
        }
    }

    private Tools() {}

    /** The full path of a program, if it is installed. */
    public static Optional<Path> find(final String name) {
        return find(name, searchPath());
    }

    /** A program of that name in the first folder that has it. */
    public static Optional<Path> find(final String name, final List<Path> folders) {
        return folders.stream()
                .map(folder -> folder.resolve(name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** The folders of PATH, then those that a service's or a cron job's PATH may lack. */
    public static List<Path> searchPath() {
        final Set<Path> folders = new LinkedHashSet<>();
        for (final String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            // A relative one, the empty one among them, would make it depend on where the server is started.
            if (folder.startsWith("/")) {
                folders.add(Path.of(folder));
            }
        }
        folders.addAll(SYSTEM_FOLDERS);
        return List.copyOf(folders);
    }

    /** Nothing of the user's settings, so that a start is the same everywhere. */
    static void usePlainEnvironment(final ProcessBuilder builder) {
        builder.environment().clear();
        builder.environment().putAll(Map.of("PATH", "/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL", "C", "TZ", "UTC"));
    }

    /**
     * Runs a program to its end.
     *
     * @throws StartupException if it does not end within 60 s
     * @throws IOException if it cannot be run
     * @throws InterruptedException if the thread is interrupted meanwhile; the program is killed then
     */
    public static Result run(final List<String> command) throws IOException, InterruptedException {
        final Path output = Files.createTempFile("millrace", ".out");
        try {
            final ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(output.toFile());
            usePlainEnvironment(builder);
            final Process process = builder.start();
            try {
                if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                    throw new StartupException(command + " did not end within " + LIMIT_SECONDS + " s");
                }
            } finally {
                process.destroyForcibly();
            }
            return new Result(process.exitValue(), Files.readString(output, StandardCharsets.ISO_8859_1));
        } finally {
            Files.delete(output);
        }
    }
}
