package io.millrace.bench.faults.stage;

import io.millrace.bench.process.JavaCommand;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How servers are started: the jar that the launcher starts, with the launcher's options of the JVM.
 *
 * @param home where the launcher lies
 * @param patched classes that go before those of the jar; empty for the server as it is
 * @param properties further system properties, as {@code name=value}
 * @param prefix runs the JVM, see {@link FakeClock#prefix()}
 */
public record Launch(Path home, Optional<Path> patched, List<String> properties, List<String> prefix) {
    private static final String MAIN = "io.millrace.server.Millrace";

    /** The server as it is. */
    public static Launch plain(final Path home) {
        return new Launch(home, Optional.empty(), List.of(), List.of());
    }

    /** The same with classes of its own and properties for them. */
    public Launch patched(final Path classes, final String... properties) {
        return new Launch(home, Optional.of(classes), List.of(properties), prefix);
    }

    /** The same by another clock. */
    public Launch by(final FakeClock clock) {
        return new Launch(home, patched, properties, clock.prefix());
    }

    /** The jar. */
    public Path jar() {
        return home.resolve("server/target/millrace.jar");
    }

    List<String> command() {
        final List<String> command = new ArrayList<>(prefix);
        command.addAll(JavaCommand.begin());
        command.add("-Xmx256m");
        properties.forEach(property -> command.add("-D" + property));
        if (patched.isPresent()) {
            // The jar's manifest does not speak then.
            command.addAll(List.of("--add-opens", "java.base/jdk.internal.misc=ALL-UNNAMED"));
            command.addAll(List.of("-cp", patched.get() + File.pathSeparator + jar(), MAIN));
        } else {
            final Path archive =
                    home.resolve("server/target/classes-" + Runtime.version().feature() + ".jsa");
            if (Files.exists(archive)) {
                command.addAll(List.of("-XX:SharedArchiveFile=" + archive, "-Xshare:auto", "-Xlog:cds=off"));
            }
            command.addAll(List.of("-jar", jar().toString()));
        }
        command.add("run");
        return command;
    }
}
