package io.millrace.bench.process;

import io.millrace.storage.embedded.process.Tools;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How a JVM of the kind that runs this one is started for a server, with the options that the launcher gives it: the collector,
 * which the launcher says, and what its user has put into {@code MILLRACE_JAVA_OPTS} besides.
 */
public final class JavaCommand {
    private static final String COLLECTOR = "millrace.collector";

    private JavaCommand() {}

    /** What runs it in a plain environment: without it a path with letters beyond ASCII is not found. */
    public static List<String> prefix() {
        return Tools.find("env")
                .map(env -> List.of(env.toString(), "LC_ALL=C.UTF-8"))
                .orElse(List.of());
    }

    /** The program and its first options, to be gone on with. */
    public static List<String> begin() {
        final List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(words(System.getProperty(COLLECTOR, "")));
        line.add("-XX:+ExitOnOutOfMemoryError");
        if (Runtime.version().feature() >= 24) {
            line.addAll(List.of("--sun-misc-unsafe-memory-access=allow", "-Dio.netty.noUnsafe=false"));
        }
        line.addAll(words(System.getenv().getOrDefault("MILLRACE_JAVA_OPTS", "")));
        return line;
    }

    private static List<String> words(final String text) {
        return text.isBlank() ? List.of() : List.of(text.strip().split("\\s+"));
    }
}
