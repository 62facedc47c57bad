package io.millrace.server.ingest;

import io.millrace.pipeline.event.EventFlyweight;
import io.millrace.pipeline.event.EventLayout;
import org.agrona.MutableDirectBuffer;

/**
 * Takes out of encoded events whose they are: the user, for whom {@link #USER} stands then, and the event_id, which a client may
 * have made of him.
 *
 * <p>Works on the events where they lie, whichever decoder wrote them, so that only requests that ask for it pay. As the shortest
 * user there can be is as long as the one put in, no event grows.
 *
 * <p>Not thread-safe: one per event loop. Allocates nothing.
 */
final class Anonymizer {
    /** The user of all events that have none; one byte. */
    static final byte USER = '-';

    private static final int USER_LENGTH = 1;

    private final EventFlyweight event = new EventFlyweight();

    /**
     * Rewrites events that lie back to back.
     *
     * @return how many bytes they take now, from the same offset on
     */
    int anonymize(final MutableDirectBuffer buffer, final int offset, final int length) {
        final int end = offset + length;
        int from = offset;
        int to = offset;
        while (from < end) {
            if (!event.tryWrap(buffer, from, end)) {
                throw new IllegalStateException("no event at " + (from - offset) + " of " + length + " bytes");
            }
            from += event.length();
            to += rewrite(buffer, to);
        }
        return to - offset;
    }

    /** What is read of the event lies behind what is written for it, or was read before. */
    private int rewrite(final MutableDirectBuffer buffer, final int to) {
        final int texts = event.actionOffset();
        final int actionLength = event.actionLength();
        final int elementLength = event.elementLength();
        final int length =
                EventLayout.putHeader(buffer, to, event.timestampMillis(), USER_LENGTH, actionLength, elementLength, 0);
        final int user = to + EventLayout.HEADER_LENGTH;
        buffer.putByte(user, USER);
        buffer.putBytes(user + USER_LENGTH, buffer, texts, actionLength + elementLength);
        return length;
    }
}
