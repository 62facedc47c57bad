package io.millrace.bench.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How a JVM of the kind that runs this one is started for a server, with the options that the launcher gives it on every machine. */
public final class JavaCommand {
    private JavaCommand() {}

    /** The program and its first options, to be gone on with. */
    public static List<String> begin() {
        final List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.add("-XX:+ExitOnOutOfMemoryError");
        if (Runtime.version().feature() >= 24) {
            line.addAll(List.of("--sun-misc-unsafe-memory-access=allow", "-Dio.netty.noUnsafe=false"));
        }
        return line;
    }
}
