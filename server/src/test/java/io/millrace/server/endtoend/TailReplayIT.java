package io.millrace.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.millrace.storage.embedded.process.HeldPort;
import io.millrace.storage.testing.Await;
import io.millrace.storage.testing.PostgresExtension;
import io.millrace.storage.testing.Signals;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code millrace tail} and {@code millrace replay}, as processes of their own, with a real server. */
class TailReplayIT {
    @RegisterExtension
    static final PostgresExtension POSTGRES = new PostgresExtension();

    private static final String KEY = "replay-secret-key";

    @TempDir
    private Path folder;

    /** What one server's tail shows, replayed into another, makes the same rows there. */
    @Test
    void shouldCarryEventsFromOneServerToAnother() throws Exception {
        final List<String> shown;
        try (Stores stores = Stores.start(POSTGRES);
                ServerProcess server = ServerProcess.start(options(stores, "first", "--keep", "1h"));
                CommandProcess follower = CommandProcess.start("tail", tail(stores, "--from", "start"))) {
            post(server.ingest(), lines(0, 300));
            post(
                    server.ingest(),
                    "{\"user_id\":7,\"action\":\"vi\\\"ew\\u2028\",\"element\":\"h\\u00e9ro \\ud83d\\ude80\","
                            + "\"timestamp\":\"" + Instant.now() + "\",\"event_id\":\"id \\\\ 1\"}");
            Await.until("all are shown as they come", () -> follower.out().size() == 301);
            Await.until("all are stored", () -> server.admin("/ledger").number("stored") == 301);
            shown = all(stores, "--from", "start");
            assertThat(shown).hasSize(301).containsExactlyInAnyOrderElementsOf(follower.out());
            assertThat(shown.get(300)).contains("\"event_id\":\"id \\\\ 1\"");
            assertThat(all(stores, "--from", "start", "--action", "click")).hasSize(100);
            assertThat(all(stores, "--from", "start", "--action", "click", "--element", "e1"))
                    .hasSize(20)
                    .allMatch(line -> line.contains("\"action\":\"click\",\"element\":\"e1\""));
            assertThat(all(stores, "--from", Long.toString(System.currentTimeMillis() + 3_600_000)))
                    .isEmpty();
            assertThat(all(stores, "--from", "now")).isEmpty();
        }
        final Path file = folder.resolve("events.ndjson");
        Files.write(file, shown);
        try (Stores stores = Stores.start(POSTGRES);
                ServerProcess server = ServerProcess.start(options(stores, "second"));
                CommandProcess replay = replay(server.ingest(), file.toString(), "--batch", "50")) {
            assertThat(replay.awaitExit()).as(replay.err()).isZero();
            assertThat(replay.err()).endsWith("millrace: 301 lines taken, 0 refused");
            Await.until("all are stored", () -> server.admin("/ledger").number("stored") == 301);
            final Tables tables = stores.tables();
            assertThat(tables.number("SELECT sum(count) FROM user_events WHERE action = 'click' AND element = 'e1'"))
                    .isEqualTo(20);
            assertThat(tables.number("SELECT count FROM user_events WHERE user_id = '7' AND element = 'h\u00e9ro"
                            + " \uD83D\uDE80' AND action = E'vi\"ew\\u2028'"))
                    .isEqualTo(1);
            assertThat(tables.number("SELECT count(DISTINCT user_id) FROM user_events"))
                    .isEqualTo(301);
        }
    }

    @Test
    void shouldSayHowManyEventsItDidNotSee() throws Exception {
        try (Stores stores = Stores.start(POSTGRES);
                ServerProcess server = ServerProcess.start(options(stores, "node", "--keep", "1h"));
                CommandProcess tail = CommandProcess.start("tail", tail(stores, "--from", "start"))) {
            post(server.ingest(), lines(0, 10));
            Await.until("they are shown", () -> tail.out().size() == 10);
            signal(tail, "STOP");
            for (int i = 0; i < 3; i++) {
                post(server.ingest(), lines(10 + i, 11 + i));
                final long sent = 11L + i;
                Await.until("it is stored", () -> server.admin("/ledger").number("stored") == sent);
            }
            trimToTheLastEntry(stores);
            signal(tail, "CONT");
            Await.until("the last is shown", () -> tail.out().size() == 11);
            // Said before, but by another pipe.
            Await.until("it says what it missed", () -> tail.err().contains("are missing"));
            assertThat(tail.err()).contains("2 events of millrace:events:{");
        }
    }

    @Test
    void shouldNameEachLineThatIsRefusedAndTakeTheOthers() throws Exception {
        final Path file = folder.resolve("events.ndjson");
        final List<String> lines = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            lines.add(i % 2 == 0 ? lines(i, i + 1).strip() : "{\"user_id\":1,\"element\":\"e\"}");
        }
        lines.add("");
        lines.add("{\"user_id\":1,\"action\":\"a\",\"element\":\"e\",\"timestamp\":1}");
        lines.add("no JSON");
        lines.add("{\"pad\":\"" + "x".repeat(1 << 20) + "\"}");
        Files.write(file, lines);
        try (Stores stores = Stores.start(POSTGRES);
                ServerProcess server = ServerProcess.start(options(stores, "node", "--write-key", KEY));
                CommandProcess wrongKey = replay(server.ingest(), file.toString(), "--write-key", "not-" + KEY);
                CommandProcess replay = replay(server.ingest(), file.toString(), "--write-key", KEY, "--skip", "2")) {
            assertThat(wrongKey.awaitExit()).isEqualTo(1);
            assertThat(wrongKey.err()).contains("another --write-key (401)").doesNotContain(KEY);
            assertThat(replay.awaitExit()).as(replay.err()).isEqualTo(1);
            for (int number = 4; number <= 40; number += 2) {
                assertThat(replay.err()).contains("millrace: line " + number + ": missing_action: action is required");
            }
            assertThat(replay.err())
                    .contains("millrace: line 42: timestamp_too_old")
                    .contains("millrace: line 43: invalid_json")
                    .contains("millrace: line 44: longer than 1048576 bytes")
                    .doesNotContain("line 2:", "line 41:", KEY)
                    .endsWith("millrace: 19 lines taken, 22 refused");
            Await.until("all are stored", () -> server.admin("/ledger").number("stored") == 19);
        }
    }

    /** Smaller bodies than the lines make: the server says 413, and gets them in smaller parts. */
    @Test
    void shouldReplayStandardInputAsItComesInPartsThatTheServerTakes() throws Exception {
        try (Stores stores = Stores.start(POSTGRES);
                ServerProcess server = ServerProcess.start(options(stores, "node", "--max-body", "1KiB"));
                CommandProcess replay = replay(server.ingest(), "-")) {
            final OutputStream in = replay.in();
            in.write(lines(0, 100).getBytes(StandardCharsets.UTF_8));
            in.flush();
            Await.until("they are stored", () -> server.admin("/ledger").number("stored") == 100);
            in.write(("{\"user_id\":1,\"action\":\"a\",\"element\":\"e\",\"pad\":\"" + "x".repeat(1024) + "\"}\n")
                    .getBytes(StandardCharsets.UTF_8));
            in.write(lines(100, 101).strip().getBytes(StandardCharsets.UTF_8));
            in.close();
            assertThat(replay.awaitExit()).isEqualTo(1);
            assertThat(replay.err())
                    .contains("millrace: line 101: longer than the server takes (413)")
                    .endsWith("millrace: 101 lines taken, 1 refused");
        }
    }

    /** A server of a few lines in place of ours, which is never full for a moment only. */
    @Test
    void shouldWaitForAServerThatIsAwayOrFullAndSendAgain() throws Exception {
        final Path file = folder.resolve("events.ndjson");
        Files.writeString(file, lines(0, 3));
        try (HeldPort port = HeldPort.take();
                CommandProcess replay = replay(address(port), file.toString())) {
            Await.until("it has tried", () -> replay.err().contains("it cannot be reached, trying again in 1 s"));
            try (ServerSocket server = new ServerSocket()) {
                server.setReuseAddress(true);
                server.bind(address(port), 10);
                answer(server, "503 Service Unavailable", "Retry-After: 2\r\n", "");
                Await.until("it waits", () -> replay.err().contains("it has no room (503), trying again in 2 s"));
                answer(
                        server,
                        "202 Accepted",
                        "",
                        "{\"status\":\"accepted\",\"accepted\":3,\"rejected\":0,\"errors\":[]}");
                assertThat(replay.awaitExit()).as(replay.err()).isZero();
            }
        }
    }

    private static InetSocketAddress address(final HeldPort port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port.number());
    }

    @Test
    void shouldNotSendAgainWhatMayHaveBeenTakenUnlessTheServerWouldKnowIt() throws Exception {
        final Path file = folder.resolve("events.ndjson");
        Files.writeString(file, lines(0, 3));
        try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                CommandProcess replay = replay((InetSocketAddress) server.getLocalSocketAddress(), file.toString())) {
            server.accept().close();
            assertThat(replay.awaitExit()).isEqualTo(1);
            assertThat(replay.err())
                    .contains("no answer for lines 1 to 3", "--skip=0 or --skip=3")
                    .endsWith("0 lines taken, 0 refused, the rest not sent");
        }
        Files.writeString(file, lines(0, 3).replace("}", ",\"event_id\":\"x\"}"));
        try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                CommandProcess replay = replay((InetSocketAddress) server.getLocalSocketAddress(), file.toString())) {
            server.accept().close();
            answer(server, "202 Accepted", "", "{\"status\":\"accepted\",\"accepted\":3,\"rejected\":0,\"errors\":[]}");
            assertThat(replay.awaitExit()).as(replay.err()).isZero();
        }
    }

    @Test
    void shouldRefuseWhatItCannotStartWith() throws Exception {
        assertRefused("replay", List.of(folder.resolve("none").toString()), "no file that this user may read");
        assertRefused("replay", List.of("-", "--to", "ftp://x"), "--to=ftp://x: must be http://host:port");
        assertRefused("tail", List.of("--data-dir", folder.toString()), "no embedded Redis in");
        assertRefused(
                "tail", List.of("--redis", "redis://:secret@127.0.0.1:1"), "start the server, or correct --redis");
        assertRefused(
                "tail",
                List.of("--redis", "redis://127.0.0.1:1", "--from", "yesterday"),
                "--from=yesterday: must be now, start");
    }

    private static void assertRefused(final String command, final List<String> options, final String why)
            throws Exception {
        try (CommandProcess process = CommandProcess.start(command, options)) {
            assertThat(process.awaitExit()).isEqualTo(2);
            assertThat(process.err()).contains("millrace: ", why).doesNotContain("secret", "Exception");
            assertThat(process.out()).isEmpty();
        }
    }

    private List<String> options(final Stores stores, final String name, final String... more) {
        final List<String> options = new ArrayList<>(stores.options());
        options.addAll(List.of("--data-dir", folder.resolve(name).toString(), "--event-loops", "1"));
        options.addAll(List.of(more));
        return options;
    }

    private static List<String> tail(final Stores stores, final String... more) {
        final List<String> options = new ArrayList<>(List.of("--redis", stores.redisUri()));
        options.addAll(List.of(more));
        return options;
    }

    private static List<String> all(final Stores stores, final String... options) throws Exception {
        final List<String> all = tail(stores, options);
        all.add("--follow=false");
        try (CommandProcess tail = CommandProcess.start("tail", all)) {
            assertThat(tail.awaitExit()).as(tail.err()).isZero();
            return tail.out();
        }
    }

    private static CommandProcess replay(final InetSocketAddress to, final String... more) throws IOException {
        final List<String> options = new ArrayList<>(List.of(more));
        options.addAll(List.of("--to", "http://127.0.0.1:" + to.getPort()));
        return CommandProcess.start("replay", options);
    }

    private static void trimToTheLastEntry(final Stores stores) {
        final RedisClient client = RedisClient.create(stores.redisUri());
        try {
            final RedisCommands<String, String> redis = client.connect().sync();
            final String stream = redis.smembers("millrace:streams").iterator().next();
            assertThat(redis.xtrim(stream, 1)).isGreaterThanOrEqualTo(3);
        } finally {
            client.shutdown();
        }
    }

    private static void signal(final CommandProcess process, final String name) throws Exception {
        Signals.send(name, process.pid());
    }

    /** Three actions, five elements, a user for each. */
    private static String lines(final int from, final int to) {
        final StringBuilder lines = new StringBuilder();
        for (int i = from; i < to; i++) {
            lines.append("{\"user_id\":\"u")
                    .append(i)
                    .append("\",\"action\":\"")
                    .append(List.of("click", "view", "scroll").get(i % 3))
                    .append("\",\"element\":\"e")
                    .append(i % 5)
                    .append("\",\"timestamp\":")
                    .append(System.currentTimeMillis())
                    .append("}\n");
        }
        return lines.toString();
    }

    private static void post(final InetSocketAddress address, final String body) throws IOException {
        try (HttpClient client = new HttpClient(address)) {
            client.post("/events", "application/x-ndjson", body);
            assertThat(client.exchange().status()).isEqualTo(202);
        }
    }

    /** Takes one request, up to the end of its body, and answers it. */
    private static void answer(final ServerSocket server, final String status, final String fields, final String body)
            throws IOException {
        try (Socket socket = server.accept()) {
            final StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) socket.getInputStream().read());
            }
            final String text = head.toString();
            final int at = text.toLowerCase(Locale.ROOT).indexOf("content-length:") + 15;
            final int length =
                    Integer.parseInt(text.substring(at, text.indexOf('\r', at)).strip());
            assertThat(socket.getInputStream().readNBytes(length)).hasSize(length);
            socket.getOutputStream()
                    .write(("HTTP/1.1 " + status + "\r\n" + fields + "Connection: close\r\nContent-Length: "
                                    + body.length() + "\r\n\r\n" + body)
                            .getBytes(StandardCharsets.US_ASCII));
        }
    }
}
