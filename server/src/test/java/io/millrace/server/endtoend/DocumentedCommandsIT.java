package io.millrace.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every command and program in the documentation, run as it stands there, in a folder with a running server. */
class DocumentedCommandsIT {
    private static final Path ROOT = Path.of("..");

    /** They build or measure for minutes, or are the server that runs here; that the launcher knows them is looked at. */
    private static final Pattern ELSEWHERE = Pattern.compile("\\./millrace (run|test|load|bench|profile|package)\\b.*");

    private static final int TIMEOUT_SECONDS = 180;

    /** The embedded Redis has a password and a port of its own; what is not answered by 2xx has failed. */
    private static final String PRELUDE = """
            redis-cli() {
              [[ $1 == -u ]] || set -- -u "$(cat data/redis/uri)" --no-auth-warning "$@"
              command redis-cli "$@"
            }
            curl() {
              command curl --fail-with-body --silent --show-error --max-time 120 "$@"
            }
            """;

    @TempDir
    private static Path folder;

    private static ServerProcess server;

    @BeforeAll
    static void start() throws IOException {
        server = ServerProcess.start(List.of(
                "--data-dir",
                folder.resolve("data").toString(),
                "--event-loops=1",
                "--ack-timeout=60s",
                "--keep=1h",
                // The one that the documents speak of.
                "--node=1f0c9a52"));
        final Path launcher = Files.writeString(
                folder.resolve("millrace"),
                "#!/bin/sh\nexec '" + java() + "' -Xmx256m '-Dmillrace.home=" + folder + "' -jar '"
                        + Path.of("target", "millrace.jar").toAbsolutePath() + "' \"$@\"\n");
        assertThat(launcher.toFile().setExecutable(true)).isTrue();
        Files.writeString(
                folder.resolve("events.ndjson"), "{\"user_id\":1,\"action\":\"click\",\"element\":\"buy\"}\n");
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void shouldRunEveryCommand() throws Exception {
        final String usage = Files.readString(ROOT.resolve("millrace"));
        int run = 0;
        for (final Path document : documents()) {
            for (final String block : blocks(document, "console")) {
                for (final Command command : Command.in(block)) {
                    if (ELSEWHERE.matcher(command.line()).matches()) {
                        assertThat(usage).contains("\n  " + command.line().split("\\s+", 3)[1] + ' ');
                        continue;
                    }
                    final String output = succeed(document, bash(command.line()));
                    if (command.line().contains("curl ")) {
                        assertThat(output.lines().map(String::strip))
                                .as("%s: %s", document, command.line())
                                .containsAll(command.output());
                    }
                    run++;
                }
            }
        }
        assertThat(run).isGreaterThan(12);
    }

    @Test
    void shouldRunEveryStatement() throws Exception {
        final URI uri =
                URI.create(Files.readString(folder.resolve("data/postgres/uri")).strip());
        final String[] user = uri.getUserInfo().split(":", 2);
        final String jdbc = "jdbc:postgresql://" + uri.getHost() + ':' + uri.getPort() + uri.getPath();
        try (Connection connection = DriverManager.getConnection(jdbc, user[0], user[1]);
                Statement statement = connection.createStatement()) {
            for (final String sql : blocks(ROOT.resolve("README.md"), "sql")) {
                statement.execute(sql);
            }
        }
    }

    @Test
    void shouldRunThePythonClient() throws Exception {
        assumeThat(finish(bash("command -v python3"), Files.createTempFile(folder, "python", "")))
                .isZero();
        final Path clients = ROOT.resolve("docs/clients.md");
        final List<String> programs = blocks(clients, "python");
        assertThat(programs).isNotEmpty();
        for (final String program : programs) {
            Files.writeString(folder.resolve("send.py"), ported(program));
            assertThat(succeed(clients, List.of("python3", "send.py"))).contains("'accepted': 3");
        }
    }

    @Test
    void shouldRunTheJavaClient() throws Exception {
        final Path clients = ROOT.resolve("docs/clients.md");
        final List<String> programs = blocks(clients, "java");
        assertThat(programs).isNotEmpty();
        for (final String program : programs) {
            Files.writeString(folder.resolve("Send.java"), ported(program));
            assertThat(succeed(clients, List.of(java(), "Send.java"))).contains("{\"status\":\"accepted\"}");
        }
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static List<Path> documents() throws IOException {
        try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
            return Stream.concat(
                            Stream.of(ROOT.resolve("README.md"), ROOT.resolve("SECURITY.md")),
                            docs.filter(path -> path.toString().endsWith(".md")).sorted())
                    .toList();
        }
    }

    private static List<String> blocks(final Path document, final String language) throws IOException {
        return Pattern.compile("^```" + language + "\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE)
                .matcher(Files.readString(document))
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    /** With the ports of the server that runs. */
    private static String ported(final String text) throws IOException {
        return text.replace("8080", Integer.toString(server.ingest().getPort()))
                .replace("9090", Integer.toString(server.admin().getPort()));
    }

    private static List<String> bash(final String line) throws IOException {
        // One that would follow the stream for ever ends with what is there.
        final String ends = line.startsWith("./millrace tail") && !line.contains("--follow") ? " --follow=false" : "";
        return List.of("bash", "-euo", "pipefail", "-c", PRELUDE + ported(line) + ends);
    }

    private static String succeed(final Path document, final List<String> command) throws Exception {
        final Path output = Files.createTempFile(folder, "output", "");
        final int status = finish(command, output);
        final String text = Files.readString(output);
        assertThat(status)
                .as("%s: %s%n%s", document, command.get(command.size() - 1), text)
                .isZero();
        return text;
    }

    private static int finish(final List<String> command, final Path output) throws Exception {
        final Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS))
                    .as(String.join(" ", command))
                    .isTrue();
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }

    /**
     * A command in a block.
     *
     * @param line what stands behind the prompt, over several lines if they end so that it goes on
     * @param output what the document says that it prints, without ellipses
     */
    private record Command(String line, List<String> output) {
        private static final Pattern PROMPT =
                Pattern.compile("^\\$ ((?:.*(?:\\\\|\\|)\\n)*.*)\\n((?:(?!\\$ ).*\\n)*)", Pattern.MULTILINE);

        static List<Command> in(final String block) {
            return PROMPT.matcher(block).results().map(Command::of).toList();
        }

        private static Command of(final MatchResult match) {
            return new Command(
                    match.group(1),
                    match.group(2)
                            .lines()
                            .map(String::strip)
                            .filter(line -> !line.isEmpty() && !line.equals("..."))
                            .toList());
        }
    }
}
