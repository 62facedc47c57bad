package io.millrace.server.ingest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.server.http.HttpLimits;
import io.millrace.server.http.IngestCounter;
import io.millrace.server.http.ReplyReader;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each limit of the ingest port, other than its default, over a real socket: what is just within it, and what is not. */
class LimitsTest {
    private static final String EVENT = "{\"user_id\":\"u\",\"action\":\"a\",\"element\":\"e\"}";
    private static final String LINE = "GET /pixel.gif?u=u&a=a&e=e";
    private static final String GET = LINE + " HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final int BODY_BYTES = 16_384;
    private static final HttpLimits LIMITS = new HttpLimits(8000, 2000, 12, BODY_BYTES, 1000, 2000, 4000, 3, 1 << 20);

    @TempDir
    Path folder;

    private RunningServer server;

    private void start() throws Exception {
        start(1 << 24);
    }

    private void start(final int journalBytes) throws Exception {
        start(LIMITS, journalBytes);
    }

    private void start(final HttpLimits limits, final int journalBytes) throws Exception {
        server = new RunningServer(folder, IngestSettings.of(limits), journalBytes);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void shouldBoundTheRequestLine() throws Exception {
        start();
        final String line = LINE + "&x=" + "x".repeat(LIMITS.requestLineBytes() - LINE.length() - 12);
        assertThat(server.exchange(line + " HTTP/1.1\r\nHost: a\r\n\r\n")).startsWith("HTTP/1.1 200 ");
        // Refused while it is still coming: the client never ends.
        assertRefusedUnfinished(line + "x".repeat(100), 414);
        assertThat(server.accepted()).isEqualTo(1);
    }

    @Test
    void shouldBoundTheFields() throws Exception {
        start();
        final String fields = "Host: a\r\nX: ";
        final String full = fields + "x".repeat(LIMITS.fieldBytes() - fields.length() - 4);
        assertThat(server.exchange(LINE + " HTTP/1.1\r\n" + full + "\r\n\r\n")).startsWith("HTTP/1.1 200 ");
        assertRefusedUnfinished(LINE + " HTTP/1.1\r\n" + full + "xxxxx", 431);
    }

    @Test
    void shouldBoundTheNumberOfFields() throws Exception {
        start();
        final String full = LINE + " HTTP/1.1\r\nHost: a\r\n" + "X: y\r\n".repeat(LIMITS.fieldCount() - 1);
        assertThat(server.exchange(full + "\r\n")).startsWith("HTTP/1.1 200 ");
        assertRefusedUnfinished(full + "X: y\r\n", 431);
    }

    @Test
    void shouldBoundABodyByWhatItsHeadSays() throws Exception {
        start();
        final String full = EVENT + " ".repeat(BODY_BYTES - EVENT.length());
        assertThat(server.exchange(post("", full))).startsWith("HTTP/1.1 202 ");
        assertRefusedUnfinished(
                "POST /events HTTP/1.1\r\nHost: a\r\nContent-Length: " + (BODY_BYTES + 1) + "\r\n\r\n", 413);
        assertRefusedUnfinished(
                "POST /events HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 99999999999\r\n\r\n", 413);
    }

    @Test
    void shouldBoundABodyByItsChunks() throws Exception {
        start();
        final String head = "POST /events HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
        final String first = Integer.toHexString(EVENT.length()) + "\r\n" + EVENT + "\r\n";
        final int rest = BODY_BYTES - EVENT.length();
        assertThat(server.exchange(
                        head + first + Integer.toHexString(rest) + "\r\n" + " ".repeat(rest) + "\r\n0\r\n\r\n"))
                .startsWith("HTTP/1.1 202 ");
        assertRefusedUnfinished(head + first + Integer.toHexString(rest + 1) + "\r\n", 413);
    }

    @Test
    void shouldBoundADecodedBody() throws Exception {
        start();
        final String gzip = "Content-Encoding: gzip\r\n";
        final String full = EVENT + " ".repeat(BODY_BYTES - EVENT.length());
        assertThat(server.exchange(post(gzip, Gzip.member(full)))).startsWith("HTTP/1.1 202 ");
        final String bomb = Gzip.member(" ".repeat(10 << 20));
        assertThat(bomb.length()).isLessThan(BODY_BYTES);
        final String replies = server.exchange(post(gzip, Gzip.member(full + " ")) + post(gzip, bomb) + GET);
        assertThat(ReplyReader.summary(ReplyReader.read(replies, 0))).isEqualTo("413 413 200");
    }

    @Test
    void shouldBoundWhatUnfinishedBodiesTakeTogether() throws Exception {
        final int length = 200_000;
        start(new HttpLimits(8000, 2000, 12, length, 1000, 2000, 4000, 8, 1 << 20), 1 << 24);
        final String head = "POST /events HTTP/1.1\r\nHost: a\r\nContent-Length: " + length + "\r\n\r\n";
        final String most = EVENT + " ".repeat(190_000);
        final List<Client> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 8; i++) {
                final Client client = new Client(server.address);
                clients.add(client);
                client.send(head + most);
            }
            server.awaitReceived(8L * (head.length() + most.length()));
            assertThat(server.freeBodyBytes()).isNotNegative();
            final List<String> summaries = new ArrayList<>();
            for (final Client client : clients) {
                client.send(" ".repeat(length - most.length()) + GET);
                summaries.add(ReplyReader.summary(ReplyReader.read(client.read(2), 0)));
            }
            // Eight of them are more than a mebibyte, and there is always room for one.
            assertThat(summaries).containsOnly("202 200", "503 200");
            assertThat(server.freeBodyBytes()).isEqualTo(1 << 20);
        } finally {
            for (final Client client : clients) {
                client.close();
            }
        }
    }

    @Test
    void shouldBoundTheTimeOfAHeadHoweverItTrickles() throws Exception {
        start();
        try (Client client = new Client(server.address)) {
            int sent = 0;
            for (int i = 0; i < 9; i++) {
                client.send(GET.substring(i, i + 1));
                server.awaitReceived(++sent);
                server.advance(100);
            }
            assertThat(server.counter(IngestCounter.REQUEST_TIMEOUTS)).isZero();
            server.advance(LIMITS.headerTimeMillis() - 900);
            assertThat(client.readAll()).startsWith("HTTP/1.1 408 ").contains("\r\nConnection: close\r\n");
        }
        assertThat(server.counter(IngestCounter.REQUEST_TIMEOUTS)).isEqualTo(1);
    }

    @Test
    void shouldBoundTheTimeOfABodyHoweverItTrickles() throws Exception {
        start();
        final String head =
                "POST /events HTTP/1.1\r\nHost: a\r\nOrigin: https://b.example\r\nContent-Length: 100\r\n\r\n";
        try (Client client = new Client(server.address)) {
            client.send(head);
            server.awaitReceived(head.length());
            for (int i = 0; i < 19; i++) {
                client.send(" ");
                server.awaitReceived(head.length() + i + 1L);
                server.advance(100);
            }
            assertThat(server.counter(IngestCounter.REQUEST_TIMEOUTS)).isZero();
            server.advance(LIMITS.bodyTimeMillis() - 1900);
            assertThat(client.readAll())
                    .startsWith("HTTP/1.1 408 ")
                    .contains("\r\nAccess-Control-Allow-Origin: https://b.example\r\n");
        }
    }

    @Test
    void shouldCloseAConnectionThatIsIdle() throws Exception {
        start();
        try (Client client = new Client(server.address)) {
            client.send(GET).read(1);
            server.advance(LIMITS.idleTimeMillis());
            assertThat(ReplyReader.read(client.readAll(), 0)).hasSize(1);
        }
        assertThat(server.counter(IngestCounter.IDLE_TIMEOUTS)).isEqualTo(1);
    }

    @Test
    void shouldCloseTheConnectionThatHasBeenIdleLongest() throws Exception {
        start();
        try (Client a = new Client(server.address);
                Client b = new Client(server.address);
                Client c = new Client(server.address)) {
            a.send(GET).read(1);
            b.send(GET).read(1);
            c.send(GET).read(1);
            // The first to connect is not the one that waits longest any more.
            a.send(GET).read(2);
            try (Client d = new Client(server.address)) {
                d.send(GET).read(1);
                assertThat(ReplyReader.read(b.readAll(), 0)).hasSize(1);
                a.send(GET).read(3);
                c.send(GET).read(2);
            }
        }
        assertThat(server.counter(IngestCounter.CONNECTIONS_EVICTED)).isEqualTo(1);
    }

    @Test
    void shouldBoundWhatAPeerThatDoesNotReadCanMakeItHold() throws Exception {
        start(1 << 27);
        try (SocketChannel deaf = SocketChannel.open()) {
            deaf.setOption(StandardSocketOptions.SO_RCVBUF, 8192);
            deaf.connect(server.address);
            // What the kernel takes for it, and then the replies to the one read that fills the connection's own share.
            sendUntilRefused(deaf, largestSendBufferBytes() + (2 << 20));
            assertThat(server.exchange(GET)).as("others are served").startsWith("HTTP/1.1 200 ");
            server.advance(LIMITS.idleTimeMillis());
            RunningServer.await(() -> server.counter(IngestCounter.IDLE_TIMEOUTS) == 1);
            RunningServer.await(() -> server.counter(IngestCounter.CONNECTIONS_CLOSED) == 2);
        }
    }

    /** Sends requests until the kernel takes nothing more for a while. */
    private void sendUntilRefused(final SocketChannel channel, final long mostReplyBytes) throws IOException {
        final ByteBuffer requests = ByteBuffer.wrap(GET.repeat(1000).getBytes(ISO_8859_1));
        channel.configureBlocking(false);
        try (Selector selector = Selector.open()) {
            channel.register(selector, SelectionKey.OP_WRITE);
            while (selector.select(500) > 0) {
                selector.selectedKeys().clear();
                channel.write(requests);
                assertThat(server.counter(IngestCounter.BYTES_SENT)).isLessThan(mostReplyBytes);
                if (!requests.hasRemaining()) {
                    requests.rewind();
                }
            }
        }
    }

    private static long largestSendBufferBytes() throws IOException {
        final Path setting = Path.of("/proc/sys/net/ipv4/tcp_wmem");
        if (!Files.exists(setting)) {
            return 64 << 20;
        }
        // Least, usual, most. By lines: such a file is to be read at once, which readString does not do.
        final String[] words = Files.readAllLines(setting).get(0).split("\\s+", -1);
        return Long.parseLong(words[2]);
    }

    @Test
    void shouldKeepTheConnectionAfterWhatIsNotServed() throws Exception {
        start();
        final String end = " HTTP/1.1\r\nHost: a\r\n\r\n";
        try (Client client = new Client(server.address)) {
            client.send("HEAD /events" + end);
            final String head = client.read(1, 1);
            assertThat(head)
                    .startsWith("HTTP/1.1 405 ")
                    .contains("\r\nAllow: POST, OPTIONS\r\n")
                    .endsWith("\r\n\r\n");
            client.send("GET /events" + end + "GET /nothing" + end + "DELETE /pixel.gif" + end + GET);
            assertThat(ReplyReader.summary(ReplyReader.read(client.read(5, 1), 1)))
                    .isEqualTo("405 405 404 405 200");
        }
    }

    @Test
    void shouldShedBeforeItParsesWhenTheJournalIsFull() throws Exception {
        start(1 << 18);
        final String lines = post("Content-Type: application/x-ndjson\r\n", (EVENT + "\n").repeat(300));
        try (Client client = new Client(server.address)) {
            int replies = 0;
            while (server.counter(IngestCounter.REQUESTS_SHED) == 0) {
                client.send(lines).read(++replies);
                assertThat(replies).isLessThan(1000);
            }
            final long rejected = server.counter(IngestCounter.EVENTS_REJECTED);
            final String broken = "{".repeat(BODY_BYTES);
            final List<String> all =
                    ReplyReader.read(client.send(post("", broken)).read(++replies), 0);
            assertThat(all.get(replies - 1))
                    .startsWith("HTTP/1.1 503 ")
                    .contains("\r\nRetry-After: 7\r\n")
                    .doesNotContain("Connection: close");
            assertThat(server.counter(IngestCounter.EVENTS_REJECTED)).isEqualTo(rejected);
        }
    }

    /** Sends what is not whole and awaits the refusal: whatever is missing, the server does not wait for it. */
    private void assertRefusedUnfinished(final String bytes, final int status) throws IOException {
        try (Client client = new Client(server.address)) {
            assertThat(client.send(bytes).readAll())
                    .startsWith("HTTP/1.1 " + status + ' ')
                    .contains("\r\nConnection: close\r\n");
        }
    }

    private static String post(final String fields, final String body) {
        return "POST /events HTTP/1.1\r\nHost: a\r\n" + fields + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }
}
