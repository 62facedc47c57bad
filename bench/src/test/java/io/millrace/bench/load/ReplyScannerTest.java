package io.millrace.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyScannerTest {
    private static final String REPLIES = "HTTP/1.1 200 OK\r\nContent-Type: image/gif\r\nContent-Length: 3\r\n\r\nGIF"
            + "HTTP/1.1 100 Continue\r\n\r\n"
            + "HTTP/1.1 202 Accepted\r\ncontent-length:21\r\n\r\n{\"status\":\"accepted\"}"
            + "HTTP/1.1 202 Accepted\r\nContent-Length: 66\r\n\r\n"
            + "{\"status\":\"accepted\",\"accepted\":98,\"rejected\":2,\"ack\":\"journal\"} \n"
            + "HTTP/1.1 204 No Content\r\nX: y\r\n\r\n"
            + "HTTP/1.1 200 OK\r\nX-Event-Status: invalid_action\r\nContent-Length: 3\r\n\r\nGIF"
            + "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
            + "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nConnection: close\r\nContent-Length: 1\r\n\r\n!";
    private static final List<String> EXPECTED = List.of(
            "200 of 1: 1, keep",
            "202 of 1: 1, keep",
            "202 of 100: 98, below, keep",
            "204 of 1: 1, keep",
            "200 of 1: 0, keep",
            "200 of 1: 1, keep",
            "503 of 1: 0, close");

    @Test
    void shouldFindRepliesInOnePiece() throws Exception {
        assertThat(scan(REPLIES, REPLIES.length())).isEqualTo(EXPECTED);
    }

    @Test
    void shouldFindRepliesSplitAtEachByte() throws Exception {
        for (int split = 1; split < REPLIES.length(); split++) {
            assertThat(scan(REPLIES, split)).as("split at %d", split).isEqualTo(EXPECTED);
        }
    }

    @Test
    void shouldFindRepliesByteByByte() throws Exception {
        final Collector collector = new Collector();
        final ReplyScanner scanner = new ReplyScanner(new ReplyHeads());
        // Twice: the second time all heads are known.
        for (final byte next : (REPLIES + REPLIES).getBytes(US_ASCII)) {
            scanner.scan(new byte[] {0, next, 0}, 1, 2, collector);
        }

        assertThat(collector.replies).hasSize(2 * EXPECTED.size());
        assertThat(collector.replies.subList(EXPECTED.size(), 2 * EXPECTED.size()))
                .isEqualTo(EXPECTED);
    }

    @Test
    void shouldTellApartHeadsThatDifferInOneByte() throws Exception {
        final String ok = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1";
        final String longer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n12";

        assertThat(scan(ok + longer + ok + ok + longer + "HTTP/1.1 201 OK\r\nContent-Length: 1\r\n\r\n1", 7))
                .hasSize(6)
                .last()
                .isEqualTo("201 of 1: 1, keep");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/2 200\r\n\r\n",
                "HTTP/1.1 20 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n",
                "200 OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                "HTTP/1.1 200 OK\r\nno field\r\nContent-Length: 0\r\n\r\n"
            })
    void shouldRefuseWhatIsNoReply(final String bytes) {
        for (int split = 1; split <= bytes.length(); split++) {
            final int at = split;
            assertThatThrownBy(() -> scan(bytes, at)).as("split at %d", split).isInstanceOf(ReplyException.class);
        }
    }

    @Test
    void shouldRefuseAHeadThatDoesNotEnd() {
        final String endless = "HTTP/1.1 200 OK\r\nX: " + "x".repeat(20_000);
        for (final int split : new int[] {1, 100, 16_384, 16_385, endless.length()}) {
            assertThatThrownBy(() -> scan(endless, split)).isInstanceOf(ReplyException.class);
        }
    }

    private static List<String> scan(final String text, final int split) throws ReplyException {
        final Collector collector = new Collector();
        final ReplyScanner scanner = new ReplyScanner(new ReplyHeads());
        final byte[] bytes = text.getBytes(US_ASCII);
        scanner.scan(bytes, 0, split, collector);
        scanner.scan(bytes, split, bytes.length, collector);
        return collector.replies;
    }

    private static final class Collector implements ReplyScanner.Sink {
        private final List<String> replies = new ArrayList<>();

        @Override
        public void reply(final Reply reply) {
            final int events = reply.body().contains("rejected") ? 100 : 1;
            replies.add(reply.status() + " of " + events + ": " + reply.accepted(events)
                    + (reply.belowLevel() ? ", below" : "") + (reply.keepAlive() ? ", keep" : ", close"));
        }
    }
}
