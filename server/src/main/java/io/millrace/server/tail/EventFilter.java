package io.millrace.server.tail;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.pipeline.event.EventFlyweight;
import io.millrace.server.config.TailConfig;
import org.agrona.DirectBuffer;

/** Which events are shown. Immutable. */
final class EventFilter {
    private final long notBeforeMillis;
    private final byte[] action;
    private final byte[] element;

    EventFilter(final TailConfig config) {
        notBeforeMillis = config.from().notBeforeMillis();
        action = config.action().map(text -> text.getBytes(UTF_8)).orElse(null);
        element = config.element().map(text -> text.getBytes(UTF_8)).orElse(null);
    }

    boolean passes(final EventFlyweight event) {
        return event.timestampMillis() >= notBeforeMillis
                && is(action, event.buffer(), event.actionOffset(), event.actionLength())
                && is(element, event.buffer(), event.elementOffset(), event.elementLength());
    }

    private static boolean is(final byte[] wanted, final DirectBuffer buffer, final int offset, final int length) {
        if (wanted == null) {
            return true;
        }
        if (wanted.length != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (wanted[i] != buffer.getByte(offset + i)) {
                return false;
            }
        }
        return true;
    }
}
