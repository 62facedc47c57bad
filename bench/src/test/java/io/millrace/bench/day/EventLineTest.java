package io.millrace.bench.day;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.bench.load.EventNames;
import io.millrace.bench.load.EventShape;
import java.time.Duration;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class EventLineTest {
    private final EventNames names = new EventNames(EventShape.DEFAULTS);
    private final EventLine line = new EventLine(EventShape.DEFAULTS);

    @Test
    void shouldChangeOnlyWhatDiffersBetweenEvents() {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[2 * line.length()]);
        line.put(buffer, 0);
        line.put(buffer, line.length());
        for (int k = 0; k < EventShape.DEFAULTS.users(); k++) {
            final int other = EventShape.DEFAULTS.users() - 1 - k;
            line.set(buffer, 0, k, k % 3, k % 50);
            line.set(buffer, line.length(), other, other % 3, other % 50);
            line.stamp(buffer, 0, 2, 1_790_000_000_000L + k);

            assertThat(text(buffer)).isEqualTo(json(k, 1_790_000_000_000L + k) + json(other, 1_790_000_000_000L + k));
        }
    }

    @Test
    void shouldRefuseNamesThatAreNotOfOneLength() {
        final EventShape users = new EventShape(
                90_001, 50, 3, 1, 1, false, "user-", false, EventShape.DEFAULTS.timestamps(), Duration.ofHours(1));
        final EventShape actions = new EventShape(
                10, 50, 5000, 1, 1, false, "user-", false, EventShape.DEFAULTS.timestamps(), Duration.ofHours(1));

        assertThatThrownBy(() -> new EventLine(users)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new EventLine(actions)).isInstanceOf(IllegalArgumentException.class);
    }

    private static String text(final UnsafeBuffer buffer) {
        return new String(buffer.byteArray(), US_ASCII);
    }

    private String json(final int k, final long millis) {
        return "{\"user_id\":\"" + names.user(k) + "\",\"action\":\"" + EventNames.action(k % 3) + "\",\"element\":\""
                + EventNames.element(k % 50) + "\",\"timestamp\":" + millis + "}\n";
    }
}
