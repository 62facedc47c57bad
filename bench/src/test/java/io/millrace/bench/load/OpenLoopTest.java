package io.millrace.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.Optional;
import org.agrona.concurrent.CachedEpochClock;
import org.agrona.concurrent.CachedNanoClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The schedule, the connection and the books, stepped by hand: no socket and no time of day. */
class OpenLoopTest {
    private static final long MILLI = 1_000_000;
    private static final String REPLY = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nGIF";

    private final CachedNanoClock clock = new CachedNanoClock();
    private final LoadMeter meter = new LoadMeter();
    private LoadContext context;
    private Dispatcher dispatcher;
    private EmbeddedChannel channel;

    private void start(final Pace pace) {
        clock.update(5_000 * MILLI);
        final LoadPlan plan = new LoadPlan(
                Target.of("http://h"), new RequestShape(Form.PIXEL, 1, Optional.empty()), EventShape.DEFAULTS, pace);
        context = new LoadContext(plan, LoadListener.NONE, meter, clock, new CachedEpochClock(), served -> {});
        channel = new EmbeddedChannel(new LoadConnection(context));
        final Arrivals arrivals = new Arrivals(pace, clock.nanoTime());
        meter.measureFrom(arrivals.measureFromNanos());
        dispatcher = new Dispatcher(arrivals, meter, pace);
        context.begin(dispatcher);
    }

    @AfterEach
    void close() {
        channel.close().syncUninterruptibly();
        channel.releaseOutbound();
    }

    /** Lets so much time pass, a tenth of a millisecond at a time. */
    private void pass(final long nanos, final boolean serverAnswers) {
        for (long passed = 0; passed < nanos; passed += MILLI / 10) {
            clock.advance(MILLI / 10);
            dispatcher.dispatch(clock.nanoTime());
            if (serverAnswers) {
                answer();
            }
        }
    }

    /** Answers all that was sent; each answer may let another request go. */
    private void answer() {
        for (int requests = takeRequests(); requests > 0; requests = takeRequests()) {
            channel.writeInbound(Unpooled.copiedBuffer(REPLY.repeat(requests), US_ASCII));
        }
    }

    private int takeRequests() {
        int requests = 0;
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            final String text = out.toString(US_ASCII);
            out.release();
            requests += text.split("\r\n\r\n").length;
        }
        return requests;
    }

    @Test
    void shouldSendAtTheRateAndTimeFromWhenARequestWasDue() {
        start(Pace.open(1000, 1, Duration.ofSeconds(1)));
        pass(999 * MILLI, true);

        assertThat(meter.measured.get(LoadCounter.REQUESTS_ANSWERED)).isEqualTo(1000);
        assertThat(meter.latencyNanos.getMaxValue()).isLessThan(MILLI / 5);
    }

    @Test
    void shouldShowAStallInEveryRequestThatWasDueMeanwhile() {
        start(Pace.open(1000, 1, Duration.ofSeconds(10)));
        pass(1000 * MILLI, true);
        pass(2000 * MILLI, false);
        pass(7000 * MILLI, true);

        assertThat(meter.measured.get(LoadCounter.REQUESTS_ANSWERED)).isEqualTo(10_000);
        // A fifth of all requests was due during the stall; they waited for 2 s down to nothing. One that asks for the
        // next
        // only after an answer would have seen a single slow request in 8,000.
        assertThat(meter.latencyNanos.getMaxValue() / 1e6).isCloseTo(2000, within(3.0));
        assertThat(meter.latencyNanos.getValueAtPercentile(90) / 1e6).isCloseTo(1000, within(3.0));
        assertThat(meter.latencyNanos.getValueAtPercentile(99) / 1e6).isCloseTo(1900, within(3.0));
        assertThat(meter.latencyNanos.getValueAtPercentile(75) / 1e6).isLessThan(1);
        // It was the server's doing, not the generator's.
        assertThat(meter.latenessNanos.getMaxValue()).isLessThan(MILLI / 5);
    }

    @Test
    void shouldTellItsOwnLatenessFromTheServers() {
        start(Pace.open(1000, 1, Duration.ofSeconds(1)));
        pass(500 * MILLI, true);
        clock.advance(30 * MILLI);
        pass(470 * MILLI, true);

        assertThat(meter.latenessNanos.getMaxValue() / 1e6).isCloseTo(30, within(1.0));
        assertThat(meter.latencyNanos.getMaxValue() / 1e6).isCloseTo(30, within(1.0));
    }

    @Test
    void shouldFillAPipelineWithWhatIsDue() {
        start(new Pace(1000, 1, 8, 0, Duration.ofSeconds(1), Duration.ZERO, Duration.ofSeconds(10), Duration.ZERO));
        clock.advance(20 * MILLI);
        dispatcher.dispatch(clock.nanoTime());

        assertThat(takeRequests()).isEqualTo(8);
        assertThat(context.outstanding()).isEqualTo(8);
        channel.writeInbound(Unpooled.copiedBuffer(REPLY.repeat(3), US_ASCII));
        assertThat(takeRequests()).isEqualTo(3);
    }

    @Test
    void shouldCountWhatWasDueTooLongAsLostAndTimeIt() {
        start(Pace.open(1000, 1, Duration.ofSeconds(2)).withTimeout(Duration.ofMillis(500)));
        pass(100 * MILLI, true);
        pass(1000 * MILLI, false);
        context.closeLate(clock.nanoTime() - 500 * MILLI);

        assertThat(channel.isOpen()).isFalse();
        assertThat(meter.measured.get(LoadCounter.LOST_TIMEOUT)).isEqualTo(1);
        assertThat(meter.measured.get(LoadCounter.EVENTS_UNANSWERED)).isEqualTo(1);
        assertThat(meter.measured.get(LoadCounter.NEVER_SENT)).isBetween(497L, 500L);
        assertThat(meter.latencyNanos.getValueAtPercentile(90)).isGreaterThanOrEqualTo(500 * MILLI);
        assertThat(context.outstanding()).isZero();
    }

    @Test
    void shouldNotTimeRefusals() {
        start(Pace.open(1000, 1, Duration.ofSeconds(1)));
        dispatcher.dispatch(clock.nanoTime());
        channel.writeInbound(Unpooled.copiedBuffer("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", US_ASCII));

        assertThat(meter.statuses()).containsOnlyKeys(503);
        assertThat(meter.measured.get(LoadCounter.EVENTS_REFUSED)).isEqualTo(1);
        assertThat(meter.latencyNanos.getTotalCount()).isZero();
    }
}
