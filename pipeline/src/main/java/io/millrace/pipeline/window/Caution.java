package io.millrace.pipeline.window;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What is remembered of a flush that the window store refused: the streams that it came from, and how far it went in each.
 * Until they are past that, each read is flushed by itself, piece by piece. A batch then comes from one stream, which is
 * what the refused events have to be charged to, and is small.
 *
 * <p>Used by one thread only, the aggregator.
 */
final class Caution {
    private final Map<String, Long> lastEvents = new HashMap<>();

    /** The store has refused what these streams had brought. */
    void begin(final Collection<StreamFold> streams) {
        for (final StreamFold stream : streams) {
            if (stream.moved()) {
                lastEvents.merge(stream.stream(), stream.watermark().lastEvent(), Math::max);
            }
        }
    }

    /** The store has committed the stream up to this event, by this aggregator or another one. */
    void passed(final String stream, final long lastEvent) {
        final Long until = lastEvents.get(stream);
        if (until != null && lastEvent >= until) {
            lastEvents.remove(stream);
        }
    }

    /** These streams are owned. Another aggregator may have brought them past what was refused. */
    void found(final Collection<StreamFold> streams) {
        for (final StreamFold stream : streams) {
            if (!stream.moved()) {
                passed(stream.stream(), stream.watermark().lastEvent());
            }
        }
    }

    /** Whether one of the owned streams has yet to pass what was refused. */
    boolean isOnFor(final Predicate<String> isOwned) {
        return !lastEvents.isEmpty() && lastEvents.keySet().stream().anyMatch(isOwned);
    }
}
