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

/**
 * Every command and program in the documentation, run as it stands there, in a folder with a running server.
 *
 * <p>The rule: a command stands behind a prompt in a block {@code console}, and is run here, or matches {@link #ELSEWHERE}, which says
 * where it is looked at. Commands that change a machine, and need root on one that nobody will miss, stand in blocks {@code sh}, of which
 * there are the ones of {@code operations.md} only. Commands within a line are run too, if they ask Redis.
 */
class DocumentedCommandsIT {
    private static final Path ROOT = Path.of("..");

    /**
     * They build or measure for minutes, or are the server that runs here; that the launcher knows them is looked at. Docker is not to be
     * had here: what its file does is {@link ImageIT}'s.
     */
    private static final Pattern ELSEWHERE = Pattern.compile(
            "(\\./millrace (run|test|load|bench|profile|package)\\b|bench/compare/|mvn -pl storage |docker build )(?s:.*)");

    private static final Pattern FENCE = Pattern.compile("^```(\\w*)\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern LOOKS_LIKE_A_COMMAND = Pattern.compile(
            "^(\\$ |\\./|bench/|(curl|docker|kubectl|mvn|psql|redis-cli|sudo|systemctl|tar|pg_dump) ).*",
            Pattern.MULTILINE);
    private static final Pattern WITHIN_A_LINE = Pattern.compile("`(redis-cli [^`]+)`");

    private static final String TOKEN = "a-token-of-the-test";

    private static final int TIMEOUT_SECONDS = 180;

    /** The embedded Redis has a password and a port of its own; what is not answered by 2xx has failed. */
    private static final String PRELUDE = """
            redis-cli() {
              [[ $1 == -u ]] || set -- -u "$(cat data/redis/uri)" --no-auth-warning "$@"
              command redis-cli "$@"
            }
            # Not exported: it is no option of a command.
            MILLRACE_ADMIN_TOKEN=%s
            curl() {
              [[ $* != *:9090/* || $* == *Authorization:* ]] || set -- --header "Authorization: Bearer $MILLRACE_ADMIN_TOKEN" "$@"
              command curl --fail-with-body --silent --show-error --max-time 120 "$@"
            }
            """.formatted(TOKEN);

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
                "--admin-token=" + TOKEN,
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
                        if (command.line().startsWith("./millrace ")) {
                            assertThat(usage).contains("\n  " + command.line().split("\\s+", 3)[1] + ' ');
                        } else if (command.line().startsWith("bench/")) {
                            assertThat(ROOT.resolve(command.line().split("\\s+", 2)[0]))
                                    .isExecutable();
                        }
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
    void shouldHaveItsCommandsWhereTheyAreRun() throws Exception {
        for (final Path document : documents()) {
            FENCE.matcher(Files.readString(document)).results().forEach(block -> {
                if (block.group(1).isEmpty()) {
                    assertThat(block.group(2)).as("%s", document).doesNotContainPattern(LOOKS_LIKE_A_COMMAND);
                } else if (block.group(1).equals("sh")) {
                    assertThat(document).hasFileName("operations.md");
                }
            });
        }
    }

    @Test
    void shouldRunWhatAsksRedisWithinALine() throws Exception {
        int run = 0;
        for (final Path document : documents()) {
            final String text = FENCE.matcher(Files.readString(document)).replaceAll("");
            for (final String line : WITHIN_A_LINE
                    .matcher(text)
                    .results()
                    .map(found -> found.group(1))
                    .toList()) {
                final String output = succeed(document, bash(line));
                // Redis without a cluster does not know slots: there the command is only known to be one.
                if (!line.contains("CLUSTER")) {
                    assertThat(output)
                            .as("%s: %s", document, line)
                            .doesNotStartWith("ERR")
                            .doesNotStartWith("WRONG");
                }
                run++;
            }
        }
        assertThat(run).isGreaterThan(3);
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
                .replace("9090", Integer.toString(server.admin().getPort()))
                .replace("seconds=10", "seconds=1");
    }

    private static List<String> bash(final String line) throws IOException {
        // One that would follow the stream for ever ends with what is there.
        final String ends = line.startsWith("./millrace tail") && !line.contains("--follow") ? " --follow=false" : "";
        return List.of("bash", "-euo", "pipefail", "-c", ported(PRELUDE + line) + ends);
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
                .redirectInput(Path.of("/dev/null").toFile())
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
