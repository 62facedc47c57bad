package io.millrace.server.docker;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.millrace.server.config.ServerConfig;
import io.millrace.server.config.ServerOptions;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** What the tests of {@code docker/} share. Stateless. */
final class Setup {
    static final Path FOLDER = Path.of("..", "docker");
    static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final String PREFIX = "MILLRACE_";

    private Setup() {}

    /** The server's configuration in an environment, checked as at a start. */
    static ServerConfig resolve(final Map<String, String> environment) {
        return ServerOptions.resolve(command().parseArgs(), environment);
    }

    /** The variables of an environment that the server would not know. */
    static Set<String> unknown(final Set<String> variables) {
        final Set<String> known = command().getCommandSpec().options().stream()
                .map(option -> PREFIX
                        + option.longestName().substring(2).replace('-', '_').toUpperCase(Locale.ROOT))
                .collect(Collectors.toCollection(TreeSet::new));
        known.add("MILLRACE_JAVA_OPTS");
        return variables.stream()
                .filter(variable -> variable.startsWith(PREFIX) && !known.contains(variable))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The environment that the image gives to the server. */
    static Map<String, String> imageEnvironment(final String dockerfile) {
        final Map<String, String> environment = new HashMap<>();
        dockerfile.lines().filter(line -> line.startsWith("ENV ")).forEach(line -> {
            final String[] pair = line.substring("ENV ".length()).split("=", 2);
            environment.put(pair[0], pair[1]);
        });
        return environment;
    }

    private static CommandLine command() {
        final CommandSpec run = CommandSpec.create();
        ServerOptions.declare(run);
        return new CommandLine(run);
    }
}
