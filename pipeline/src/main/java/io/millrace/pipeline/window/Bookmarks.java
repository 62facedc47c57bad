package io.millrace.pipeline.window;

import io.millrace.pipeline.Counters;
import io.millrace.pipeline.Delayed;
import io.millrace.pipeline.PipelineCounter;
import io.millrace.pipeline.ship.EntryId;
import io.millrace.pipeline.ship.StreamException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the streams that this aggregator owns how far the window store has got: the bookmark at once, and what may be trimmed
 * some time later, so that a store that went back to a past state finds there what it has forgotten.
 *
 * <p>Used by one thread only, the aggregator.
 */
final class Bookmarks {
    private static final Logger LOG = LoggerFactory.getLogger(Bookmarks.class);

    private final EventFeed feed;
    private final long keepNanos;
    private final Counters<PipelineCounter> counters;
    private final Map<String, Bookmark> bookmarks = new HashMap<>();

    Bookmarks(final EventFeed feed, final long keepNanos, final Counters<PipelineCounter> counters) {
        this.feed = feed;
        this.keepNanos = keepNanos;
        this.counters = counters;
    }

    /** A stream is owned from now on, and the store shows this watermark. */
    void taken(final String stream, final Watermark watermark, final long nowNanos) {
        final Bookmark bookmark = new Bookmark(new Delayed<>(keepNanos));
        bookmark.move(watermark, nowNanos);
        bookmarks.put(stream, bookmark);
    }

    /** The store has this watermark now. */
    void committed(final String stream, final Watermark watermark, final long nowNanos) {
        bookmarks.get(stream).move(watermark, nowNanos);
    }

    /** The stream may be another one than it was, a replica's in the place of a master's: what was published may be gone. */
    void doubt(final String stream) {
        bookmarks.get(stream).isPublished = false;
    }

    /** These are not owned any more. */
    void forget(final Collection<String> streams) {
        bookmarks.keySet().removeAll(streams);
    }

    void clear() {
        bookmarks.clear();
    }

    /**
     * Publishes what is to be published of a stream, if anything is.
     *
     * @throws StreamException if the stream store did not answer; it stays to be published
     */
    void publish(final String stream, final long nowNanos) throws StreamException {
        final Bookmark bookmark = bookmarks.get(stream);
        if (!bookmark.isCompared) {
            compare(stream, bookmark.watermark);
            bookmark.isCompared = true;
        }
        final EntryId trimmable = bookmark.trims.poll(nowNanos);
        if (trimmable != null) {
            bookmark.trimmable = trimmable;
            bookmark.isPublished = false;
        }
        if (!bookmark.isPublished) {
            final EntryId entry = bookmark.watermark.entry();
            if (!entry.equals(EntryId.ZERO)) {
                feed.publish(stream, entry, bookmark.trimmable);
            }
            bookmark.isPublished = true;
        }
    }

    /** Only a store that has gone back shows less than what was published when it had more. */
    private void compare(final String stream, final Watermark watermark) throws StreamException {
        final EntryId published = feed.bookmark(stream);
        if (published.compareTo(watermark.entry()) > 0) {
            counters.increment(PipelineCounter.STORE_REGRESSIONS);
            LOG.error(
                    "{}: the window store is at entry {} (event {}), but was at {} before: it has gone back to a past state, as"
                            + " a failover to a standby does that lagged. The stream is read again from there; what --keep"
                            + " did not keep of it is counted lost",
                    stream,
                    watermark.entry(),
                    watermark.lastEvent(),
                    published);
        }
    }

    /** What is known of one stream. */
    private static final class Bookmark {
        private final Delayed<EntryId> trims;
        private Watermark watermark;
        private EntryId trimmable = EntryId.ZERO;
        private boolean isCompared;
        private boolean isPublished;

        Bookmark(final Delayed<EntryId> trims) {
            this.trims = trims;
        }

        void move(final Watermark watermark, final long nowNanos) {
            this.watermark = watermark;
            trims.add(watermark.entry(), nowNanos);
            isPublished = false;
        }
    }
}
