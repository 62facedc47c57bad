package io.millrace.server.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DemoEventsTest {
    private static final Instant MIDNIGHT = Instant.parse("2026-01-01T00:00:00Z");

    private final DemoEvents events = new DemoEvents(new Random(7));

    @Test
    void shouldSendAboutTwentyEventsASecondAndMoreByDay() {
        final Duration step = Duration.ofSeconds(1);
        final long[] byHour = new long[24];
        for (int second = 0; second < 86_400; second++) {
            byHour[second / 3_600] += events.count(MIDNIGHT.plusSeconds(second), step);
        }
        long day = 0;
        for (final long hour : byHour) {
            day += hour;
        }
        assertThat(day / 86_400.0).isCloseTo(DemoEvents.MEAN_RATE, within(0.5));
        assertThat(byHour[15]).isGreaterThan(2 * byHour[3]);
    }

    @Test
    void shouldSendEventsThatTheIngestPortTakes() throws Exception {
        final Set<String> elements = new HashSet<>();
        final Set<String> users = new HashSet<>();
        final JsonNode array = new ObjectMapper().readTree(events.body(2_000));
        assertThat(array).hasSize(2_000);
        for (final JsonNode event : array) {
            assertThat(event.size()).isEqualTo(3);
            assertThat(event.get("action").textValue()).isIn("view", "click", "scroll");
            elements.add(event.get("element").textValue());
            users.add(event.get("user_id").textValue());
        }
        assertThat(elements).hasSize(9).contains("hero", "buy");
        assertThat(users).hasSizeBetween(200, 400);
        assertThat(events.body(0)).isEqualTo("[]");
    }
}
