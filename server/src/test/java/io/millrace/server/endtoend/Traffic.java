package io.millrace.server.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Sends events of all forms over one connection, good ones and bad ones, checks every reply, and keeps a model of what was
 * accepted.
 */
final class Traffic {
    private static final long HOUR_MILLIS = 3_600_000;
    private static final int PIPELINED = 16;
    private static final List<String> ACTIONS = List.of("click", "view", "scroll");

    private final SplittableRandom random;
    private final long nowMillis;
    private final Model model;
    private long futureEvents;
    private long rejectedEvents;

    Traffic(final long seed, final long nowMillis, final long windowMillis) {
        random = new SplittableRandom(seed);
        this.nowMillis = nowMillis;
        model = new Model(windowMillis);
    }

    /** What was accepted, but for events from the future. */
    Model model() {
        return model;
    }

    /** Events accepted with a timestamp from the future: they count in the window of their receipt. */
    long futureEvents() {
        return futureEvents;
    }

    long rejectedEvents() {
        return rejectedEvents;
    }

    /** Sends {@code count} events by the pixel. */
    void pixels(final InetSocketAddress server, final int count) throws IOException {
        try (HttpClient client = new HttpClient(server)) {
            for (int sent = 0; sent < count; sent += PIPELINED) {
                final List<String> codes = new ArrayList<>();
                for (int i = 0; i < PIPELINED; i++) {
                    final Model.Event event = event();
                    final boolean bad = random.nextInt(50) == 0;
                    client.get("/pixel.gif?u=" + encoded(event.user()) + "&a=" + (bad ? "%00" : event.action()) + "&e="
                            + encoded(event.element()) + "&t=" + event.timestampMillis());
                    codes.add(bad ? "invalid_action" : "");
                    count(event, bad);
                }
                client.flush();
                for (final String code : codes) {
                    final HttpClient.Reply reply = client.read();
                    assertThat(reply.status()).isEqualTo(200);
                    assertThat(reply.fields().stream().filter(field -> field.startsWith("X-Event-Status:")))
                            .isEqualTo(code.isEmpty() ? List.of() : List.of("X-Event-Status: " + code));
                }
            }
        }
    }

    /** Sends {@code count} events as single JSON objects. */
    void singles(final InetSocketAddress server, final int count) throws IOException {
        try (HttpClient client = new HttpClient(server)) {
            for (int sent = 0; sent < count; sent += PIPELINED) {
                final List<Integer> statuses = new ArrayList<>();
                for (int i = 0; i < PIPELINED; i++) {
                    final Line line = line();
                    client.post("/events", "application/json", line.json());
                    statuses.add(line.accepted() ? 202 : 400);
                }
                client.flush();
                for (final int status : statuses) {
                    final HttpClient.Reply reply = client.read();
                    assertThat(reply.status()).as(reply.body()).isEqualTo(status);
                }
            }
        }
    }

    /** Sends {@code count} events in arrays. */
    void arrays(final InetSocketAddress server, final int count) throws IOException {
        batches(server, count, "application/json", "[", ",", "]");
    }

    /** Sends {@code count} events as lines. */
    void lines(final InetSocketAddress server, final int count) throws IOException {
        batches(server, count, "application/x-ndjson", "", "\n", "\n");
    }

    private void batches(
            final InetSocketAddress server,
            final int count,
            final String contentType,
            final String open,
            final String separator,
            final String close)
            throws IOException {
        try (HttpClient client = new HttpClient(server)) {
            int sent = 0;
            while (sent < count) {
                final int size = Math.min(count - sent, 2 + random.nextInt(400));
                final List<String> lines = new ArrayList<>();
                int accepted = 0;
                for (int i = 0; i < size; i++) {
                    final Line line = line();
                    lines.add(line.json());
                    accepted += line.accepted() ? 1 : 0;
                }
                client.post("/events", contentType, open + String.join(separator, lines) + close);
                final HttpClient.Reply reply = client.exchange();
                assertThat(reply.status()).as(reply.body()).isEqualTo(accepted > 0 ? 202 : 400);
                assertThat(reply.number("accepted")).isEqualTo(accepted);
                assertThat(reply.number("rejected")).isEqualTo(size - accepted);
                sent += size;
            }
        }
    }

    /** One event as JSON, one in twenty of them bad or out of the ordinary. */
    private Line line() {
        final Model.Event event = event();
        return switch (random.nextInt(140)) {
            case 0 -> bad(json(event).replace("\"action\":\"", "\"action\":\"a\\u0000"));
            case 1 -> bad(json(event).replace("\"element\":\"", "\"element\":\"\\ud800"));
            case 2 -> bad(json(event).replace("\"user_id\":", "\"user\":"));
            case 3 ->
                bad("{\"user_id\":\"u\",\"action\":\"a\",\"element\":\"e\",\"timestamp\":"
                        + (nowMillis - 31 * 24 * HOUR_MILLIS) + "}");
            case 4 -> bad("{\"user_id\":\"u\",\"action\":\"" + "a".repeat(129) + "\",\"element\":\"e\"}");
            case 5 -> {
                futureEvents++;
                yield new Line(
                        json(new Model.Event(event.user(), "future", event.element(), nowMillis + 24 * HOUR_MILLIS)),
                        true);
            }
            default -> {
                count(event, false);
                yield new Line(json(event), true);
            }
        };
    }

    private Line bad(final String json) {
        rejectedEvents++;
        return new Line(json, false);
    }

    private void count(final Model.Event event, final boolean bad) {
        if (bad) {
            rejectedEvents++;
        } else {
            model.add(event);
        }
    }

    private Model.Event event() {
        // Most events are of the last minutes, some are late by hours, and a few by almost thirty days.
        final long ageMillis = switch (random.nextInt(20)) {
            case 0 -> random.nextLong(30 * 24 * HOUR_MILLIS - HOUR_MILLIS);
            case 1, 2 -> random.nextLong(5 * HOUR_MILLIS);
            default -> random.nextLong(60_000);
        };
        final int user = random.nextInt(2_000);
        return new Model.Event(
                user % 7 == 0 ? "ütf-8 ✓ 😀 " + user : Integer.toString(user),
                ACTIONS.get(random.nextInt(ACTIONS.size())),
                "#element-" + random.nextInt(30) + " > \"a\"",
                nowMillis - ageMillis);
    }

    private String json(final Model.Event event) {
        final boolean number = random.nextBoolean() && event.user().matches("[0-9]+");
        return "{\"user_id\":" + (number ? event.user() : quoted(event.user())) + ",\"action\":"
                + quoted(event.action()) + ",\"element\":" + quoted(event.element()) + ",\"timestamp\":"
                + event.timestampMillis() + "}";
    }

    private static String quoted(final String text) {
        return '"' + text.replace("\"", "\\\"") + '"';
    }

    private static String encoded(final String text) {
        return URLEncoder.encode(text, UTF_8);
    }

    /** A line of JSON, and whether the server must accept it. */
    private record Line(String json, boolean accepted) {}
}
