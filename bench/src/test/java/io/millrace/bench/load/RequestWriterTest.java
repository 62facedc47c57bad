package io.millrace.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RequestWriterTest {
    private static final long NOW_MILLIS = 1_767_225_600_000L;
    /** One of each: nothing is left to chance. */
    private static final EventShape ONE =
            new EventShape(1, 1, 1, 1.0, 35, false, "user-", false, Timestamps.NONE, Duration.ofHours(1));

    @Test
    void shouldWriteAPixel() {
        assertThat(write("http://h:81", RequestShape.of(Form.PIXEL, 1), ONE, 1))
                .isEqualTo("GET /pixel.gif?u=user-10000&a=click&e=btn-100 HTTP/1.1\r\nHost: h:81\r\n\r\n");
    }

    @Test
    void shouldWriteAnEventOf87Bytes() {
        final String request =
                write("http://h", RequestShape.of(Form.JSON, 1), ONE.withTimestamps(Timestamps.NOW, ONE.span()), 1);

        assertThat(request)
                .isEqualTo(
                        "POST /events HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 87\r\n\r\n"
                                + "{\"user_id\":\"user-10000\",\"action\":\"click\",\"element\":\"btn-100\",\"timestamp\":1767225600000}");
    }

    @Test
    void shouldWriteAnArray() {
        assertThat(write("http://h", RequestShape.of(Form.ARRAY, 2), ONE, 1))
                .isEqualTo(
                        "POST /events HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 125\r\n\r\n"
                                + "[{\"user_id\":\"user-10000\",\"action\":\"click\",\"element\":\"btn-100\"},"
                                + "{\"user_id\":\"user-10000\",\"action\":\"click\",\"element\":\"btn-100\"}]");
    }

    @Test
    void shouldNumberUsersAndIdsAcrossRequests() {
        final EventShape shape = ONE.withUniqueUsers("u").withEventIds();

        assertThat(write("http://h", RequestShape.of(Form.NDJSON, 2), shape, 2))
                .endsWith("{\"user_id\":\"u7\",\"action\":\"click\",\"element\":\"btn-100\",\"event_id\":\"z-7\"}\n"
                        + "{\"user_id\":\"u8\",\"action\":\"click\",\"element\":\"btn-100\",\"event_id\":\"z-8\"}");
    }

    @Test
    void shouldAddTheLevelToAPathOfItsOwn() {
        final Optional<AckLevel> stored = Optional.of(AckLevel.STORED);

        assertThat(write("http://h/p?k=v", new RequestShape(Form.PIXEL, 1, stored), ONE, 1))
                .startsWith("GET /p?k=v&u=user-10000&a=click&e=btn-100&ack=stored HTTP/1.1\r\n");
        assertThat(write("http://h/p?k=v", new RequestShape(Form.JSON, 1, stored), ONE, 1))
                .startsWith("POST /p?k=v&ack=stored HTTP/1.1\r\n");
        assertThat(write("http://h", new RequestShape(Form.NDJSON, 1, stored), ONE, 1))
                .startsWith("POST /events?ack=stored HTTP/1.1\r\n");
        assertThat(write("http://h/XADD/s/*/k/v", RequestShape.of(Form.GET, 1), ONE, 1))
                .isEqualTo("GET /XADD/s/*/k/v HTTP/1.1\r\nHost: h\r\n\r\n");
    }

    @Test
    void shouldRepeatTheEventsOfASeed() {
        final EventShape shape = EventShape.DEFAULTS.withSeed(5).withTimestamps(Timestamps.SPREAD, Duration.ofHours(1));
        final RequestShape lines = RequestShape.of(Form.NDJSON, 200);

        assertThat(write("http://h", lines, shape, 9)).isEqualTo(write("http://h", lines, shape, 9));
        assertThat(write("http://h", lines, shape, 9)).isNotEqualTo(write("http://h", lines, shape.withSeed(6), 9));
    }

    @Test
    void shouldNeverTakeMoreBytesThanItSays() {
        final EventShape shape = new EventShape(
                100_000, 2000, 2000, 0, 1, true, "p".repeat(64), true, Timestamps.SPREAD, Duration.ofDays(1));
        for (final Form form : Form.values()) {
            final RequestShape requests = RequestShape.of(form, form.batch() ? 3 : 1);
            final LoadPlan plan =
                    new LoadPlan(Target.of("http://h"), requests, shape, 2_000_000_000, Pace.closed(1, 1, 1));
            final RequestWriter writer = new RequestWriter(plan, new EventSource(shape, 2_000_000_000, NOW_MILLIS));
            final ByteBuf out = Unpooled.buffer();
            for (int i = 0; i < 1000; i++) {
                writer.write(out.clear(), NOW_MILLIS);
                assertThat(out.readableBytes()).isLessThanOrEqualTo(writer.maxBytes());
            }
            out.release();
        }
    }

    private static String write(
            final String url, final RequestShape requests, final EventShape events, final int count) {
        final LoadPlan plan = new LoadPlan(Target.of(url), requests, events, 5, Pace.closed(1, 1, 1));
        final RequestWriter writer = new RequestWriter(plan, new EventSource(events, 5, NOW_MILLIS));
        final ByteBuf out = Unpooled.buffer();
        try {
            for (int i = 0; i < count; i++) {
                assertThat(writer.nextEvent()).isEqualTo(5 + (long) i * requests.batch());
                writer.write(out, NOW_MILLIS);
            }
            return out.toString(US_ASCII);
        } finally {
            out.release();
        }
    }
}
