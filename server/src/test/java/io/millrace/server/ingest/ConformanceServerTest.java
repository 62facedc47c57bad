package io.millrace.server.ingest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.server.http.Case;
import io.millrace.server.http.ConformanceCases;
import io.millrace.server.http.HttpLimits;
import io.millrace.server.http.IngestCounter;
import io.millrace.server.http.ReplyReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every case of conformance over real sockets, whole, split at each byte, byte by byte, and behind another request, on each
 * transport that this machine has.
 */
class ConformanceServerTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final byte[] BEFORE = "GET /x HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(ISO_8859_1);

    /** How many connections' pieces are in memory at once. */
    private static final int CONNECTIONS_AT_ONCE = 1_000;

    /** Cases of thousands of bytes, those of the bounds, go in about so many pieces; all others byte by byte. */
    private static final int MOST_PIECES = 1_600;

    private static final int JOURNAL_BYTES = 1 << 28;

    @TempDir
    Path folder;

    private final List<Case> cases = ConformanceCases.all();
    private ServerFixture fixture;
    private IngestServer server;
    private PiecewiseClients clients;

    static Stream<Transport> transports() {
        return Arrays.stream(Transport.values()).filter(t -> t != Transport.AUTO && t.available());
    }

    private void start(final Transport transport) throws Exception {
        fixture = new ServerFixture(folder, JOURNAL_BYTES);
        server = new IngestServer(
                IngestSettings.of(HttpLimits.DEFAULTS),
                transport,
                null,
                List.of(fixture.ingestJournal()),
                ServerFixture::decoder,
                fixture.epochClock,
                fixture.nanoClock);
        clients = new PiecewiseClients(
                server.start(ANY_PORT), () -> server.loops().get(0).counters().get(IngestCounter.BYTES_RECEIVED));
    }

    @AfterEach
    void stop() {
        server.close();
        assertThat(server.loops().get(0).counters().get(IngestCounter.CONNECTIONS_FAILED))
                .isZero();
        fixture.close();
    }

    @ParameterizedTest
    @MethodSource("transports")
    void shouldConformHoweverTheBytesCome(final Transport transport) throws Exception {
        start(transport);
        final List<String> whole = clients.exchange(
                cases.stream().map(test -> List.of(test.bytes())).toList());
        for (int i = 0; i < cases.size(); i++) {
            assertThat(summary(cases.get(i), whole.get(i)))
                    .as("%s", cases.get(i))
                    .isEqualTo(cases.get(i).expected());
        }
        shouldReplyTheSameInTwoPieces(whole);
        shouldReplyTheSameByteByByte(whole);
        shouldReplyTheSameBehindAnother(whole);
    }

    private void shouldReplyTheSameInTwoPieces(final List<String> whole) throws IOException {
        for (int i = 0; i < cases.size(); i++) {
            final byte[] bytes = cases.get(i).bytes();
            for (int from = 1; from < bytes.length; from += CONNECTIONS_AT_ONCE) {
                final List<List<byte[]>> connections = new ArrayList<>();
                for (int split = from; split < Math.min(bytes.length, from + CONNECTIONS_AT_ONCE); split++) {
                    connections.add(
                            List.of(Arrays.copyOf(bytes, split), Arrays.copyOfRange(bytes, split, bytes.length)));
                }
                final String expected = whole.get(i);
                assertThat(clients.exchange(connections))
                        .as("%s, in two pieces", cases.get(i))
                        .allSatisfy(replies -> assertThat(replies).isEqualTo(expected));
            }
        }
    }

    private void shouldReplyTheSameByteByByte(final List<String> whole) throws IOException {
        final List<List<byte[]>> connections = new ArrayList<>();
        for (final Case test : cases) {
            final byte[] bytes = test.bytes();
            final int size = 1 + bytes.length / MOST_PIECES;
            final List<byte[]> pieces = new ArrayList<>();
            for (int from = 0; from < bytes.length; from += size) {
                pieces.add(Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + size)));
            }
            connections.add(pieces);
        }
        final List<String> replies = clients.exchange(connections);
        for (int i = 0; i < cases.size(); i++) {
            assertThat(replies.get(i)).as("%s, byte by byte", cases.get(i)).isEqualTo(whole.get(i));
        }
    }

    private void shouldReplyTheSameBehindAnother(final List<String> whole) throws IOException {
        final String before = clients.exchange(List.of(List.of(BEFORE))).get(0);
        final List<List<byte[]>> connections = new ArrayList<>();
        for (final Case test : cases) {
            final byte[] bytes = Arrays.copyOf(BEFORE, BEFORE.length + test.bytes().length);
            System.arraycopy(test.bytes(), 0, bytes, BEFORE.length, test.bytes().length);
            connections.add(List.of(bytes));
        }
        final List<String> replies = clients.exchange(connections);
        for (int i = 0; i < cases.size(); i++) {
            assertThat(replies.get(i)).as("%s, behind another", cases.get(i)).isEqualTo(before + whole.get(i));
        }
    }

    private static String summary(final Case test, final String replies) {
        final int heads = test.text().toUpperCase(Locale.ROOT).startsWith("HEAD ") ? 1 : 0;
        return ReplyReader.summary(ReplyReader.read(replies, heads));
    }
}
