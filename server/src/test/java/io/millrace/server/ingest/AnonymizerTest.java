package io.millrace.server.ingest;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.pipeline.event.EventLayout;
import io.millrace.pipeline.event.EventLimits;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Rewrites events in place, and compares with what writing them anew gives. */
class AnonymizerTest {
    private static final int ROUNDS = 2000;
    private static final int MAX_EVENTS = 20;
    private static final int OFFSET = 5;
    private static final byte GUARD = (byte) 0xA5;

    private final Anonymizer anonymizer = new Anonymizer();
    private final UnsafeBuffer events =
            new UnsafeBuffer(new byte[OFFSET + MAX_EVENTS * EventLayout.MAX_LENGTH + OFFSET]);
    private final UnsafeBuffer expected = new UnsafeBuffer(new byte[events.capacity()]);

    @Test
    void shouldLeaveNothingButTimeActionAndElement() {
        final SplittableRandom random = new SplittableRandom(8);
        for (int round = 0; round < ROUNDS; round++) {
            Arrays.fill(events.byteArray(), GUARD);
            int length = 0;
            int expectedLength = 0;
            for (int i = random.nextInt(MAX_EVENTS + 1); i > 0; i--) {
                final String action = text(random, 1, EventLimits.MAX_ACTION_BYTES);
                final String element = text(random, 1, EventLimits.MAX_ELEMENT_BYTES);
                final long millis = random.nextLong(1L << 42);
                final String user = text(random, 1, EventLimits.MAX_USER_BYTES);
                final String id = text(random, 0, EventLimits.MAX_EVENT_ID_BYTES);
                length += put(events, OFFSET + length, millis, user, action, element, id);
                expectedLength += put(expected, expectedLength, millis, "-", action, element, "");
            }
            assertThat(anonymizer.anonymize(events, OFFSET, length)).isEqualTo(expectedLength);
            assertThat(Arrays.copyOfRange(events.byteArray(), OFFSET, OFFSET + expectedLength))
                    .isEqualTo(Arrays.copyOf(expected.byteArray(), expectedLength));
            assertThat(events.getByte(OFFSET - 1)).isEqualTo(GUARD);
            assertThat(events.getByte(OFFSET + length)).isEqualTo(GUARD);
        }
    }

    @Test
    void shouldRefuseWhatIsNoEvent() {
        assertThatThrownBy(() -> anonymizer.anonymize(events, OFFSET, EventLayout.HEADER_LENGTH - 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no event at 0 of 11 bytes");
    }

    private static String text(final SplittableRandom random, final int min, final int max) {
        // Short ones as often as long ones: where little is taken out, what moves lies over itself.
        final int length = min + random.nextInt(1 + random.nextInt(max - min + 1));
        final StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append((char) ('a' + random.nextInt(26)));
        }
        return text.toString();
    }

    private static int put(
            final UnsafeBuffer buffer,
            final int offset,
            final long millis,
            final String user,
            final String action,
            final String element,
            final String id) {
        buffer.putBytes(offset + EventLayout.HEADER_LENGTH, (user + action + element + id).getBytes(US_ASCII));
        return EventLayout.putHeader(
                buffer, offset, millis, user.length(), action.length(), element.length(), id.length());
    }
}
