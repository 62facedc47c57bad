package io.millrace.server.ingest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.server.http.HttpLimits;
import io.millrace.server.http.IngestCounter;
import io.millrace.server.http.ReplyReader;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The server behind real sockets, with a real journal, on each transport that this machine has. */
class IngestServerTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final String GET = "GET /pixel.gif?u=u&a=a&e=e HTTP/1.1\r\nHost: a\r\n\r\n";
    /** Not a spin: on a machine that is short of processors the server needs this one. */
    private static final long POLL_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

    private static final long AWAIT_SECONDS = 120;

    @TempDir
    Path folder;

    private ServerFixture fixture;
    private IngestServer server;
    private InetSocketAddress address;

    static Stream<Transport> transports() {
        return Arrays.stream(Transport.values()).filter(t -> t != Transport.AUTO && t.available());
    }

    private void start(final Transport transport, final HttpLimits limits) throws Exception {
        fixture = new ServerFixture(folder, 1 << 27);
        server = new IngestServer(
                IngestSettings.of(limits),
                transport,
                null,
                List.of(fixture.ingestJournal()),
                ServerFixture::decoder,
                fixture.epochClock,
                fixture.nanoClock);
        address = server.start(ANY_PORT);
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
            assertThat(server.freeBodyBytes()).isPositive();
            fixture.close();
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void shouldRecordExactlyWhatItAcknowledged(final Transport transport) throws Exception {
        start(transport, HttpLimits.DEFAULTS);
        try (Client client = new Client(address)) {
            client.send(GET.repeat(5000)).endOutput();
            assertThat(ReplyReader.read(client.readAll(), 0)).hasSize(5000).allMatch(r -> r.startsWith("HTTP/1.1 200"));
        }
        assertThat(fixture.journal.progress().accepted()).isEqualTo(5000);
        assertThat(counter(IngestCounter.EVENTS_ACCEPTED)).isEqualTo(5000);
        // The latency of an iteration is known when its last reply is written.
        server.close();
        assertThat(server.loops().get(0).latencyNanos().getIntervalHistogram().getTotalCount())
                .isEqualTo(5000);
    }

    @ParameterizedTest
    @MethodSource("transports")
    void shouldStopReadingFromAPeerThatDoesNotRead(final Transport transport) throws Exception {
        start(transport, HttpLimits.DEFAULTS);
        try (SocketChannel channel = SocketChannel.open(address)) {
            final long sent = sendUntilRefused(channel);
            channel.configureBlocking(true);
            channel.shutdownOutput();
            final ByteBuffer in = ByteBuffer.allocate(1 << 20);
            long received = 0;
            for (int n = channel.read(in); n >= 0; n = channel.read(in)) {
                received += n;
                in.clear();
            }
            final long complete = sent / GET.length();
            assertThat(fixture.journal.progress().accepted()).isEqualTo(complete);
            assertThat(received).isEqualTo(counter(IngestCounter.BYTES_SENT));
            assertThat(counter(IngestCounter.REPLIES_2XX)).isEqualTo(complete);
        }
    }

    /** Sends requests until the kernel takes nothing more for a while. */
    private static long sendUntilRefused(final SocketChannel channel) throws IOException {
        final ByteBuffer requests = ByteBuffer.wrap(GET.repeat(1000).getBytes(ISO_8859_1));
        channel.configureBlocking(false);
        long sent = 0;
        try (Selector selector = Selector.open()) {
            channel.register(selector, SelectionKey.OP_WRITE);
            while (selector.select(500) > 0) {
                selector.selectedKeys().clear();
                sent += channel.write(requests);
                if (!requests.hasRemaining()) {
                    requests.rewind();
                }
                assertThat(sent).as("bytes taken without a reply read").isLessThan(256L << 20);
            }
        }
        return sent;
    }

    @ParameterizedTest
    @MethodSource("transports")
    void shouldLetTheClientSeeWhyItsLargeBodyIsRefused(final Transport transport) throws Exception {
        start(transport, HttpLimits.DEFAULTS);
        try (Client client = new Client(address)) {
            client.send("POST /events HTTP/1.1\r\nHost: a\r\nContent-Length: 8000000\r\n\r\n");
            client.send("x".repeat(8_000_000)).endOutput();
            assertThat(client.readAll()).startsWith("HTTP/1.1 413 ").contains("Connection: close");
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void shouldTimeOutRequestsAndIdleConnections(final Transport transport) throws Exception {
        start(transport, HttpLimits.DEFAULTS);
        try (Client idle = new Client(address);
                Client inHead = new Client(address);
                Client inBody = new Client(address)) {
            idle.send(GET).read(1);
            final String partialHead = "GET /pixel.gif HTTP/1.1\r\n";
            inHead.send(partialHead);
            final String partialBody = "POST /events HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n12345";
            inBody.send(partialBody);
            final int sent = GET.length() + partialHead.length() + partialBody.length();
            await(() -> counter(IngestCounter.BYTES_RECEIVED) >= sent);
            advance(10_000);
            assertThat(inHead.readAll()).startsWith("HTTP/1.1 408 ").contains("Connection: close");
            advance(20_000);
            assertThat(inBody.readAll()).startsWith("HTTP/1.1 408 ").contains("Connection: close");
            advance(30_000);
            assertThat(ReplyReader.read(idle.readAll(), 0)).hasSize(1);
            assertThat(counter(IngestCounter.REQUEST_TIMEOUTS)).isEqualTo(2);
            assertThat(counter(IngestCounter.IDLE_TIMEOUTS)).isEqualTo(1);
            assertThat(fixture.journal.progress().accepted()).isEqualTo(1);
        }
    }

    @Test
    void shouldCloseTheOldestIdleConnectionForANewOne() throws Exception {
        start(Transport.AUTO, limitedTo(2));
        try (Client oldest = new Client(address);
                Client second = new Client(address)) {
            oldest.send(GET).read(1);
            second.send(GET).read(1);
            try (Client third = new Client(address)) {
                third.send(GET).read(1);
                assertThat(ReplyReader.read(oldest.readAll(), 0)).hasSize(1);
                second.send(GET).read(2);
            }
        }
    }

    @Test
    void shouldRefuseAConnectionWhenNoneIsIdle() throws Exception {
        start(Transport.AUTO, limitedTo(1));
        try (Client busy = new Client(address)) {
            busy.send("GET ");
            await(() -> counter(IngestCounter.BYTES_RECEIVED) == 4);
            try (Client refused = new Client(address)) {
                assertThat(refused.endOutput().readAll())
                        .startsWith("HTTP/1.1 503 ")
                        .contains("Retry-After: 7");
            }
            busy.send(GET.substring(4)).read(1);
        }
    }

    @Test
    void shouldAnswerOnlyWhatWasCompleteWhenThePeerEnds() throws Exception {
        start(Transport.AUTO, HttpLimits.DEFAULTS);
        try (Client client = new Client(address)) {
            client.send(GET + GET + "POST /events HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n123")
                    .endOutput();
            assertThat(ReplyReader.read(client.readAll(), 0)).hasSize(2);
        }
    }

    @Test
    void shouldDrain() throws Exception {
        start(Transport.AUTO, HttpLimits.DEFAULTS);
        try (Client idle = new Client(address);
                Client busy = new Client(address)) {
            idle.send(GET).read(1);
            busy.send("GET ");
            await(() -> counter(IngestCounter.BYTES_RECEIVED) == GET.length() + 4);
            server.stopAccepting();
            assertThat(server.drain(0)).isFalse();
            assertThat(ReplyReader.read(idle.readAll(), 0)).hasSize(1);
            busy.send(GET.substring(4)).endOutput();
            assertThat(busy.readAll()).startsWith("HTTP/1.1 200 ").contains("Connection: close");
            assertThat(server.drain(TimeUnit.SECONDS.toMillis(AWAIT_SECONDS))).isTrue();
            assertThatThrownBy(() -> new Client(address).close()).isInstanceOf(IOException.class);
        }
        assertThat(fixture.journal.progress().accepted()).isEqualTo(2);
    }

    @ParameterizedTest
    @MethodSource("transports")
    void shouldSayWhichAddressIsInUse(final Transport transport) throws Exception {
        start(transport, HttpLimits.DEFAULTS);
        try (ServerFixture otherFixture = new ServerFixture(folder, 1 << 24);
                IngestServer other = new IngestServer(
                        IngestSettings.DEFAULTS,
                        transport,
                        null,
                        List.of(otherFixture.ingestJournal()),
                        ServerFixture::decoder,
                        otherFixture.epochClock)) {
            assertThatThrownBy(() -> other.start(address))
                    .isInstanceOf(BindException.class)
                    .hasMessageContaining("127.0.0.1:" + address.getPort())
                    .hasMessageContaining("in use");
        }
    }

    @Test
    void shouldRefuseAJournalTooSmallForTheLargestBody() {
        try (ServerFixture small = new ServerFixture(folder, 1 << 22)) {
            assertThatThrownBy(() -> new IngestServer(
                            IngestSettings.DEFAULTS,
                            Transport.AUTO,
                            null,
                            List.of(small.ingestJournal()),
                            ServerFixture::decoder,
                            small.epochClock))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("1048576");
        }
    }

    private static HttpLimits limitedTo(final int connections) {
        final HttpLimits d = HttpLimits.DEFAULTS;
        return new HttpLimits(
                d.requestLineBytes(),
                d.fieldBytes(),
                d.fieldCount(),
                d.bodyBytes(),
                d.headerTimeMillis(),
                d.bodyTimeMillis(),
                d.idleTimeMillis(),
                connections,
                d.collectedBytes());
    }

    private long counter(final IngestCounter counter) {
        return server.loops().get(0).counters().get(counter);
    }

    private void advance(final long millis) {
        fixture.nanoClock.advance(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    private static void await(final BooleanSupplier condition) {
        final long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(AWAIT_SECONDS);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - deadlineNanos).as("time waited").isNegative();
            LockSupport.parkNanos(POLL_NANOS);
        }
    }
}
