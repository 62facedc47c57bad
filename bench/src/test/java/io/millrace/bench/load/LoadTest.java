package io.millrace.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.bench.http.BareNettyServer;
import io.millrace.storage.embedded.process.HeldPort;
import io.millrace.storage.testing.Await;
import io.netty.buffer.PooledByteBufAllocator;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Loads over real sockets, against a server that answers all and against some that do not. */
@Timeout(600)
class LoadTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    private static final int REQUESTS = 20_000;

    private long pinnedBytes;

    @BeforeEach
    void measureBuffers() {
        pinnedBytes = PooledByteBufAllocator.DEFAULT.pinnedDirectMemory();
    }

    @AfterEach
    void shouldLeakNoBuffer() {
        assertThat(PooledByteBufAllocator.DEFAULT.pinnedDirectMemory()).isEqualTo(pinnedBytes);
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void shouldCountEachRequestOnce(final Form form) throws Exception {
        final int batch = form.batch() ? 7 : 1;
        final Books books = new Books();
        try (BareNettyServer server = BareNettyServer.start(ANY_PORT, 1)) {
            final LoadPlan plan = new LoadPlan(
                    Target.of(server.address()),
                    RequestShape.of(form, batch),
                    EventShape.DEFAULTS,
                    Pace.closed(16, 4, REQUESTS));
            final LoadResult result = Load.run(plan, books);

            assertThat(result.clean()).as("%s", result.total()).isTrue();
            assertThat(result.statuses()).containsOnlyKeys(200).containsValue((long) REQUESTS);
            assertThat(result.measured(LoadCounter.REQUESTS_ANSWERED)).isEqualTo(REQUESTS);
            assertThat(result.measured(LoadCounter.EVENTS_ACCEPTED)).isEqualTo((long) REQUESTS * batch);
            assertThat(result.latencyNanos().getTotalCount()).isEqualTo(REQUESTS);
            assertThat(result.measured(LoadCounter.CONNECTIONS_MADE)).isEqualTo(16);
            assertThat(result.cpu().threadNanos()).isPositive();
        }
        assertThat(books.sent).isEqualTo((long) REQUESTS * batch);
        assertThat(books.answered).isEqualTo((long) REQUESTS * batch);
        assertThat(books.lost).isZero();
    }

    @Test
    void shouldSendWhatTheRateAsksFor() throws Exception {
        try (BareNettyServer server = BareNettyServer.start(ANY_PORT, 1)) {
            final Pace pace = new Pace(
                    4000,
                    8,
                    2,
                    0,
                    Duration.ofMillis(500),
                    Duration.ofMillis(250),
                    Duration.ofSeconds(30),
                    Duration.ofNanos(50_000));
            final LoadResult result = Load.run(plan(Target.of(server.address()), pace), LoadListener.NONE);

            assertThat(result.clean()).as("%s", result.total()).isTrue();
            assertThat(result.measured(LoadCounter.REQUESTS_ANSWERED)).isEqualTo(2000);
            assertThat(result.total(LoadCounter.REQUESTS_ANSWERED)).isEqualTo(3000);
            assertThat(result.latencyNanos().getTotalCount()).isEqualTo(2000);
            assertThat(result.latenessNanos().getTotalCount()).isEqualTo(2000);
        }
    }

    @Test
    void shouldGoOnWhereAServerClosesAfterEachAnswer() throws Exception {
        final String reply = "HTTP/1.1 202 Accepted\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
        final Books books = new Books();
        try (RudeServer server = RudeServer.start(connection -> connection.answerOnce(reply))) {
            final LoadResult result = Load.run(plan(Target.of(server.address()), Pace.closed(4, 1, 500)), books);

            assertThat(result.clean()).as("%s", result.total()).isTrue();
            assertThat(result.measured(LoadCounter.REQUESTS_ACCEPTED)).isEqualTo(500);
            assertThat(result.measured(LoadCounter.CONNECTIONS_MADE)).isGreaterThanOrEqualTo(500);
        }
        assertThat(books.answered).isEqualTo(500);
    }

    @Test
    void shouldCountWhatWasPipelinedBehindALastAnswerAsLost() throws Exception {
        final String reply = "HTTP/1.1 202 Accepted\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
        final Books books = new Books();
        try (RudeServer server = RudeServer.start(connection -> connection.answerOnce(reply))) {
            final LoadResult result = Load.run(plan(Target.of(server.address()), Pace.closed(1, 4, 40)), books);

            assertThat(result.measured(LoadCounter.REQUESTS_ANSWERED)).isPositive();
            assertThat(result.measured(LoadCounter.LOST_CLOSED)).isPositive();
            assertThat(result.clean()).isFalse();
        }
        assertThat(books.answered + books.lost).isEqualTo(40);
    }

    @Test
    void shouldGiveUpOnAServerThatDoesNotAnswer() throws Exception {
        final Books books = new Books();
        try (RudeServer server = RudeServer.start(RudeServer.Connection::readOnly)) {
            final Pace pace = Pace.closed(3, 2, 12).withTimeout(Duration.ofMillis(200));
            final LoadResult result = Load.run(plan(Target.of(server.address()), pace), books);

            assertThat(result.measured(LoadCounter.LOST_TIMEOUT)).isEqualTo(12);
            assertThat(result.statuses()).isEmpty();
            assertThat(result.latencyNanos().getMinValue()).isGreaterThanOrEqualTo(199_000_000);
        }
        assertThat(books.lost).isEqualTo(12);
    }

    @Test
    void shouldSayWhatItDidNotUnderstand() throws Exception {
        final Books books = new Books();
        try (RudeServer server = RudeServer.start(connection -> connection.answerOnce("SSH-2.0-OpenSSH_9.2\r\n\r\n"))) {
            final LoadResult result = Load.run(plan(Target.of(server.address()), Pace.closed(1, 1, 2)), books);

            assertThat(result.measured(LoadCounter.LOST_PROTOCOL)).isEqualTo(2);
            assertThat(result.misunderstood()).contains("SSH-2.0");
        }
        assertThat(books.lost).isEqualTo(2);
    }

    @Test
    void shouldEndWhenItIsStoppedAndLoseNothingThatWasAnswered() throws Exception {
        final Books books = new Books();
        try (BareNettyServer server = BareNettyServer.start(ANY_PORT, 1);
                Load load =
                        Load.start(plan(Target.of(server.address()), Pace.open(1000, 4, Duration.ofHours(1))), books)) {
            Await.until("an answer", () -> load.progress().answered() > 0);
            assertThat(load.await(1)).isFalse();
            load.stop();
            final LoadResult result = load.await();

            assertThat(result.clean()).as("%s", result.total()).isTrue();
            assertThat(result.measured(LoadCounter.REQUESTS_ANSWERED)).isEqualTo(books.answered);
        }
        assertThat(books.answered).isEqualTo(books.sent);
    }

    @Test
    void shouldSayWhatIsLostWhenItIsClosed() throws Exception {
        final Books books = new Books();
        try (RudeServer server = RudeServer.start(RudeServer.Connection::readOnly)) {
            final Load load = Load.start(plan(Target.of(server.address()), Pace.closed(2, 3, 1000)), books);
            Await.until("a request", () -> server.received() > 0);
            load.close();
        }
        assertThat(books.sent).isPositive();
        assertThat(books.lost).isEqualTo(books.sent);
    }

    @Test
    void shouldTryAgainWhereThereIsNoServer() throws Exception {
        try (HeldPort port = HeldPort.take()) {
            final InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port.number());
            try (Load load = Load.start(plan(Target.of(address), Pace.closed(2, 1, 1000)), LoadListener.NONE)) {
                Await.until("some failures", () -> load.progress().connectErrors() >= 6);
                try (BareNettyServer server = BareNettyServer.start(address, 1)) {
                    assertThat(server.address()).isEqualTo(address);
                    assertThat(load.await().measured(LoadCounter.REQUESTS_ANSWERED))
                            .isEqualTo(1000);
                }
            }
        }
    }

    @Test
    void shouldFailWithItsListener() throws Exception {
        final Books books = new Books() {
            @Override
            public void answered(final long firstEvent, final int events, final Reply reply) {
                throw new IllegalStateException("the listener's own");
            }
        };
        try (BareNettyServer server = BareNettyServer.start(ANY_PORT, 1);
                Load load = Load.start(plan(Target.of(server.address()), Pace.closed(1, 1, 10)), books)) {
            assertThatThrownBy(load::await).hasStackTraceContaining("the listener's own");
        }
    }

    private static LoadPlan plan(final Target target, final Pace pace) {
        return new LoadPlan(target, new RequestShape(Form.PIXEL, 1, Optional.empty()), EventShape.DEFAULTS, pace);
    }

    /** Adds up events. */
    private static class Books implements LoadListener {
        long sent;
        long answered;
        long lost;

        @Override
        public void sent(final long firstEvent, final int events) {
            assertThat(firstEvent).isEqualTo(sent);
            sent += events;
        }

        @Override
        public void answered(final long firstEvent, final int events, final Reply reply) {
            answered += events;
        }

        @Override
        public void lost(final long firstEvent, final int events, final LossCause cause) {
            lost += events;
        }
    }
}
