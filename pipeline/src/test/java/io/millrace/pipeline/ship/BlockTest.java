package io.millrace.pipeline.ship;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.pipeline.event.EventFlyweight;
import io.millrace.pipeline.testing.TestEvent;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class BlockTest {
    private static final TestEvent FIRST = new TestEvent(1, "u1", "click", "buy");
    private static final TestEvent SECOND = new TestEvent(2, "u2", "view", "ü", "id");

    private final BlockBuilder builder = new BlockBuilder("s", 200);
    private final BlockReader reader = new BlockReader("s");

    @Test
    void shouldReadTheEventsThatWerePacked() {
        add(7, FIRST);
        add(8, SECOND);
        builder.finish();

        assertThat(reader.wrap(builder.buffer(), 0, builder.length())).isNull();
        assertThat(reader.firstSequence()).isEqualTo(7);
        assertThat(reader.lastSequence()).isEqualTo(8);
        assertThat(readAll()).containsExactly(FIRST, SECOND);
    }

    @Test
    void shouldTakeNoRecordBeyondItsTarget() {
        int taken = 0;
        while (add(taken + 1, FIRST)) {
            taken++;
        }
        assertThat(taken).isEqualTo((200 - BlockLayout.HEADER_LENGTH) / FIRST.length());
    }

    @Test
    void shouldTakeAFirstRecordThatIsLongerThanItsTarget() {
        final UnsafeBuffer events = new UnsafeBuffer(new byte[1_000]);
        assertThat(builder.onRecord(1, 20, events, 0, 1_000)).isTrue();
    }

    @Test
    void shouldTakeNoRecordBehindAGap() {
        add(7, FIRST);

        assertThat(add(9, SECOND)).isFalse();
    }

    @Test
    void shouldRefuseABlockOfAnotherStream() {
        add(1, FIRST);
        builder.finish();

        assertThat(new BlockReader("t").wrap(builder.buffer(), 0, builder.length()))
                .isEqualTo("checksum is wrong");
    }

    @Test
    void shouldRefuseEveryBlockWithOneBitChangedAndEveryBlockCutShort() {
        add(1, FIRST);
        builder.finish();
        final byte[] whole = new byte[builder.length()];
        builder.buffer().getBytes(0, whole);
        for (int length = -1; length < whole.length; length++) {
            assertThat(reader.wrap(new UnsafeBuffer(whole), 0, length))
                    .as("length %d", length)
                    .isNotNull();
        }
        for (int bit = 0; bit < 8 * whole.length; bit++) {
            // The flags and the reserved bytes are for later versions, and are not looked at.
            if (bit / 8 == 0 || bit / 8 > 3) {
                final byte[] changed = whole.clone();
                changed[bit / 8] ^= (byte) (1 << bit % 8);
                assertThat(reader.wrap(new UnsafeBuffer(changed), 0, changed.length))
                        .as("bit %d", bit)
                        .isNotNull();
            }
        }
    }

    @Test
    void shouldReadAMarkAsABlockOfNoEvents() {
        add(7, FIRST);
        builder.mark(12);
        builder.finish();

        assertThat(reader.wrap(builder.buffer(), 0, builder.length())).isNull();
        assertThat(reader.firstSequence()).isEqualTo(12);
        assertThat(reader.lastSequence()).isEqualTo(11);
        assertThat(builder.lastSequence()).isEqualTo(11);
        assertThat(readAll()).isEmpty();
    }

    @Test
    void shouldReadABlockAnywhereInAnArray() {
        add(1, FIRST);
        builder.finish();
        final UnsafeBuffer shifted = new UnsafeBuffer(new byte[500], 100, 400);
        shifted.putBytes(13, builder.buffer(), 0, builder.length());

        assertThat(reader.wrap(shifted, 13, builder.length())).isNull();
        assertThat(readAll()).containsExactly(FIRST);
    }

    private boolean add(final long sequence, final TestEvent event) {
        final UnsafeBuffer events = new UnsafeBuffer(new byte[event.length()]);
        return builder.onRecord(sequence, 1, events, 0, event.write(events, 0));
    }

    private List<TestEvent> readAll() {
        final List<TestEvent> events = new ArrayList<>();
        EventFlyweight event;
        while ((event = reader.next()) != null) {
            events.add(TestEvent.of(event));
        }
        return events;
    }
}
