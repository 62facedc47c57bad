package io.millrace.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How a server ended that should not have started.
 *
 * @param status of its exit
 * @param out what it printed on standard output
 * @param err what it printed on standard error
 */
record RefusedStart(int status, String out, List<String> err) {
    private static final int LIMIT_SECONDS = 180;
    private static final String MESSAGE = "millrace: ";

    /** Starts a server with these options and waits for its end. */
    static RefusedStart of(final List<String> options) throws IOException, InterruptedException {
        final Path out = Files.createTempFile("millrace", ".out");
        final Path err = Files.createTempFile("millrace", ".err");
        final ProcessBuilder command = new ProcessBuilder(ServerProcess.command(QuickJvm.OPTIONS, options))
                .redirectOutput(file(out))
                .redirectError(file(err));
        command.environment().keySet().removeIf(name -> name.startsWith("MILLRACE_"));
        final Process process = command.start();
        try {
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("still running after " + LIMIT_SECONDS + " s: " + Files.readString(err));
            }
            return new RefusedStart(process.exitValue(), Files.readString(out), Files.readAllLines(err));
        } finally {
            process.destroyForcibly().waitFor();
            Files.delete(out);
            Files.delete(err);
        }
    }

    /**
     * Verifies that the user is told what is wrong in one line, and nothing that frightens.
     *
     * @param words that the line holds: key, value, remedy
     */
    void verify(final String... words) {
        assertThat(status).as("%s", err).isEqualTo(2);
        assertThat(out).isEmpty();
        assertThat(err).isNotEmpty();
        assertThat(err.get(err.size() - 1)).startsWith(MESSAGE).contains(words);
        // What the log says before it is of no concern, as long as it says that all is well.
        assertThat(err.subList(0, err.size() - 1)).allMatch(line -> line.contains(" INFO "));
    }

    private static File file(final Path path) {
        return path.toFile();
    }
}
