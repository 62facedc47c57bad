package io.millrace.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Random;

/** Two hours of a shop's traffic that have already passed, for charts to have a shape. */
final class ShopHistory {
    private static final long SPAN_MILLIS = 2 * 3_600_000L;
    private static final long STEP_MILLIS = 10_000;
    private static final long WAVE_MILLIS = 37 * 60_000L;
    private static final double EVENTS_A_STEP = 220;
    private static final int USERS = 400;
    private static final String[] PAIRS = {
        "view hero",
        "view hero",
        "view hero",
        "scroll landing-page",
        "scroll landing-page",
        "view price-table",
        "view price-table",
        "click menu",
        "click search",
        "click add-to-cart",
        "view checkout",
        "click buy"
    };

    private ShopHistory() {}

    /** Sends it, and returns how many events that was. */
    static long send(final InetSocketAddress ingest, final long nowMillis) throws IOException {
        final Random random = new Random(20_260_101);
        long sent = 0;
        try (HttpClient client = new HttpClient(ingest)) {
            for (long time = nowMillis - SPAN_MILLIS; time < nowMillis; time += STEP_MILLIS) {
                final double wave = 1 + 0.4 * Math.sin(2 * Math.PI * (time % WAVE_MILLIS) / WAVE_MILLIS);
                final int count = (int) (EVENTS_A_STEP * wave * (0.85 + 0.3 * random.nextDouble()));
                final StringBuilder lines = new StringBuilder();
                for (int i = 0; i < count; i++) {
                    final String[] pair = PAIRS[random.nextInt(PAIRS.length)].split(" ", 2);
                    final int user = (int) (USERS * random.nextDouble() * random.nextDouble());
                    lines.append("{\"user_id\":")
                            .append(user)
                            .append(",\"action\":\"")
                            .append(pair[0])
                            .append("\",\"element\":\"")
                            .append(pair[1])
                            .append("\",\"timestamp\":")
                            .append(time + random.nextInt((int) STEP_MILLIS))
                            .append("}\n");
                }
                client.post("/events", "application/x-ndjson", lines.toString());
                assertThat(client.exchange().status()).isEqualTo(202);
                sent += count;
            }
        }
        return sent;
    }
}
