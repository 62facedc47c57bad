package io.millrace.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.server.config.ServerConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.assertj.core.api.AbstractStringAssert;

/** The command line, without a server behind it: what one would be started with, and what is printed. */
final class Shell {
    private final Map<String, String> environment = new HashMap<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private ServerConfig config;

    /** The variables that it sees. */
    Map<String, String> environment() {
        return environment;
    }

    /** Runs it and returns its status. */
    int execute(final String... arguments) {
        return execute(given -> 0, arguments);
    }

    /** Runs it with a server that ends with a status of its own. */
    int execute(final ServerRunner server, final String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        config = null;
        return MillraceCommand.execute(
                arguments,
                given -> {
                    config = given;
                    return server.run(given);
                },
                environment,
                new PrintWriter(out, true),
                new PrintWriter(err, true));
    }

    /** What a server was started with by the last run; null if none was. */
    ServerConfig config() {
        return config;
    }

    /** What the last run printed. */
    String out() {
        return out.toString();
    }

    /** What the last run complained of. */
    String err() {
        return err.toString();
    }

    /** That is one line. */
    AbstractStringAssert<?> assertError() {
        assertThat(err()).hasLineCount(1);
        return assertThat(err());
    }

    static InetSocketAddress address(final String host, final int port) {
        return new InetSocketAddress(host, port);
    }

    /** Writes a file of properties. */
    static Path write(final Path folder, final String properties) throws IOException {
        return Files.writeString(folder.resolve("millrace.properties"), properties);
    }
}
