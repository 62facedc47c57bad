package io.millrace.bench.window;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.millrace.pipeline.event.EventFlyweight;
import io.millrace.pipeline.event.EventLayout;
import io.millrace.pipeline.window.FlushBatch;
import java.util.SplittableRandom;
import java.util.UUID;
import org.agrona.concurrent.UnsafeBuffer;

/** Events of 1,000 users, 3 actions and 50 elements in one window, with ids of the length of a UUID or without. */
final class EventSource {
    static final String STREAM = "millrace:events:{bench-0}";
    static final long WINDOW_MILLIS = 10_000;

    private static final int USERS = 1_000;
    private static final int ACTIONS = 3;
    private static final int ELEMENTS = 50;
    private static final long NOW_MILLIS = 1_767_225_600_000L;

    private final SplittableRandom random = new SplittableRandom(7);
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[EventLayout.MAX_LENGTH]);
    private final EventFlyweight event = new EventFlyweight();

    /** Adds an event without an id. */
    FlushBatch.Outcome add(final FlushBatch batch) {
        return add(batch, "");
    }

    /** Adds an event with the id of that number. */
    FlushBatch.Outcome add(final FlushBatch batch, final long id) {
        return add(batch, id(id));
    }

    private FlushBatch.Outcome add(final FlushBatch batch, final String id) {
        write(id);
        return batch.add(STREAM, event);
    }

    /** The next event; valid until the call after it. */
    EventFlyweight write(final String id) {
        final byte[] user = ("user-" + random.nextInt(USERS)).getBytes(US_ASCII);
        final byte[] action = ("action-" + random.nextInt(ACTIONS)).getBytes(US_ASCII);
        final byte[] element = ("element-" + random.nextInt(ELEMENTS)).getBytes(US_ASCII);
        final byte[] eventId = id.getBytes(US_ASCII);
        final int length = EventLayout.putHeader(
                buffer, 0, NOW_MILLIS, user.length, action.length, element.length, eventId.length);
        int offset = EventLayout.HEADER_LENGTH;
        for (final byte[] part : new byte[][] {user, action, element, eventId}) {
            buffer.putBytes(offset, part);
            offset += part.length;
        }
        if (!event.tryWrap(buffer, 0, length)) {
            throw new IllegalStateException("not an event");
        }
        return event;
    }

    /** Neighbours in number are none in order, as with random UUIDs. */
    static String id(final long number) {
        final SplittableRandom bits = new SplittableRandom(number);
        return new UUID(bits.nextLong(), bits.nextLong()).toString();
    }
}
