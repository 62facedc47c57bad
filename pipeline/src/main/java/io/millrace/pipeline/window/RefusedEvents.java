package io.millrace.pipeline.window;

import io.millrace.pipeline.ship.EntryId;
import io.millrace.pipeline.ship.StreamException;
import org.agrona.DirectBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts what the window store refuses of one flush among the rejected, one entry for equal events. Rather twice there than
 * not at all: the commit that leaves them out comes after it.
 */
final class RefusedEvents implements RefusalHandler {
    private static final Logger LOG = LoggerFactory.getLogger(RefusedEvents.class);

    private final EventFeed feed;
    private final String stream;
    private final EntryId entry;
    private long total;
    private String firstReason;

    /**
     * Makes a handler for one flush.
     *
     * @param entry the last entry of the flush: the refused events are in it or in one before it
     */
    RefusedEvents(final EventFeed feed, final String stream, final EntryId entry) {
        this.feed = feed;
        this.stream = stream;
        this.entry = entry;
    }

    @Override
    public void onRefused(
            final DirectBuffer event, final int offset, final int length, final long events, final String reason)
            throws StreamException {
        final byte[] content = new byte[length];
        event.getBytes(offset, content);
        feed.reject(stream, entry, events + (events == 1 ? " event" : " events") + " refused: " + reason, content);
        total += events;
        if (firstReason == null) {
            firstReason = reason;
        }
    }

    /** To be called after the commit. */
    void log() {
        if (total > 0) {
            LOG.warn("{}: {} refused events are set aside in millrace:rejected; {}", stream, total, firstReason);
        }
    }
}
