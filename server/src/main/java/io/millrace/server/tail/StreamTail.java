package io.millrace.server.tail;

import io.millrace.pipeline.event.EventFlyweight;
import io.millrace.pipeline.ship.BlockReader;
import io.millrace.pipeline.ship.EntryId;
import io.millrace.pipeline.ship.StreamException;
import io.millrace.pipeline.window.EventFeed;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import org.agrona.DirectBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far one stream was shown. Each event is shown once, by its sequence: a block may come again, cut differently. Events that
 * were trimmed before they were read are missing, and it says how many.
 *
 * <p>Not thread-safe.
 */
final class StreamTail {
    private static final Logger LOG = LoggerFactory.getLogger(StreamTail.class);
    private static final int MAX_ENTRIES = 64;
    private static final long UNKNOWN = -1;

    private final String stream;
    private final BlockReader reader;
    private final EventFilter filter;
    private final OutputStream out;
    private EntryId position;
    private long lastEvent;

    /** Begins with the oldest entry there is. */
    StreamTail(final String stream, final EventFilter filter, final OutputStream out) {
        this(stream, filter, out, EntryId.ZERO, UNKNOWN);
    }

    /** Begins behind an entry, whose sequence is that of its last event. */
    StreamTail(final String stream, final EventFilter filter, final OutputStream out, final EntryId after) {
        this(stream, filter, out, after, after.sequence());
    }

    private StreamTail(
            final String stream,
            final EventFilter filter,
            final OutputStream out,
            final EntryId position,
            final long lastEvent) {
        this.stream = stream;
        this.filter = filter;
        this.out = out;
        this.position = position;
        this.lastEvent = lastEvent;
        reader = new BlockReader(stream);
    }

    /**
     * Shows what there is.
     *
     * @return the number of entries read
     * @throws StreamException if Redis did not answer
     * @throws IOException if the output takes nothing any more
     */
    int step(final EventFeed feed) throws StreamException, IOException {
        try {
            return feed.read(stream, position, MAX_ENTRIES, this::onEntry);
        } catch (final UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void onEntry(
            final long generation, final long sequence, final DirectBuffer block, final int offset, final int length) {
        position = new EntryId(generation, sequence);
        final String fault = reader.wrap(block, offset, length);
        if (fault != null) {
            LOG.warn("entry {} of {} is skipped: {}", position, stream, fault);
            return;
        }
        if (lastEvent != UNKNOWN && reader.firstSequence() > lastEvent + 1) {
            LOG.warn(
                    "{} events of {} are missing: trimmed before they were read (--keep keeps them longer), or lost",
                    reader.firstSequence() - lastEvent - 1,
                    stream);
        }
        try {
            show();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void show() throws IOException {
        long sequence = reader.firstSequence();
        for (EventFlyweight event = reader.next(); event != null; event = reader.next()) {
            if (sequence > lastEvent && filter.passes(event)) {
                EventLine.write(event, out);
            }
            sequence++;
        }
        lastEvent = Math.max(lastEvent, reader.lastSequence());
    }
}
