package io.millrace.pipeline.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.pipeline.event.EventFlyweight;
import io.millrace.pipeline.event.EventLayout;
import io.millrace.pipeline.journal.JournalWriter;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** An event as a value, to be written in the binary layout and compared with what was read. */
public record TestEvent(long timestampMillis, String user, String action, String element, String eventId) {
    public TestEvent(final long timestampMillis, final String user, final String action, final String element) {
        this(timestampMillis, user, action, element, "");
    }

    /** Writes the event and returns its length in bytes. */
    public int write(final MutableDirectBuffer buffer, final int offset) {
        final byte[] strings = (user + action + element + eventId).getBytes(UTF_8);
        final int length = EventLayout.putHeader(
                buffer, offset, timestampMillis, bytes(user), bytes(action), bytes(element), bytes(eventId));
        buffer.putBytes(offset + EventLayout.HEADER_LENGTH, strings);
        return length;
    }

    /** The length of the event in bytes. */
    public int length() {
        return EventLayout.HEADER_LENGTH + bytes(user) + bytes(action) + bytes(element) + bytes(eventId);
    }

    /** Commits the events as one record and returns the last sequence, or {@link JournalWriter#FULL}. */
    public static long commit(final JournalWriter writer, final List<TestEvent> events) {
        final int length = events.stream().mapToInt(TestEvent::length).sum();
        final int start = writer.tryClaim(length);
        if (start == JournalWriter.FULL) {
            return JournalWriter.FULL;
        }
        int offset = start;
        for (final TestEvent event : events) {
            offset += event.write(writer.buffer(), offset);
        }
        return writer.commit(length, events.size());
    }

    /** The event under the view. */
    public static TestEvent of(final EventFlyweight event) {
        final DirectBuffer buffer = event.buffer();
        return new TestEvent(
                event.timestampMillis(),
                text(buffer, event.userOffset(), event.userLength()),
                text(buffer, event.actionOffset(), event.actionLength()),
                text(buffer, event.elementOffset(), event.elementLength()),
                text(buffer, event.eventIdOffset(), event.eventIdLength()));
    }

    private static String text(final DirectBuffer buffer, final int offset, final int length) {
        final byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        return new String(bytes, UTF_8);
    }

    private static int bytes(final String text) {
        return text.getBytes(UTF_8).length;
    }
}
