package io.millrace.pipeline.window;

import io.millrace.pipeline.ship.StreamException;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which parts of the stream store do not answer at present. Says in the log when the first does not, and when all do again:
 * not more, however many streams an outage meets.
 *
 * <p>Used by one thread only, the aggregator.
 */
final class Outage {
    private static final Logger LOG = LoggerFactory.getLogger(Outage.class);

    private final Set<String> unreached = new HashSet<>();
    private long reachedNanos;

    Outage(final long nowNanos) {
        reachedNanos = nowNanos;
    }

    /** A part did not answer. */
    void failed(final String part, final StreamException failure) {
        if (unreached.isEmpty()) {
            LOG.warn("stream store: {}; trying again until it is back", failure.getMessage());
        }
        unreached.add(part);
    }

    /** A part has answered. */
    void reached(final String part, final long nowNanos) {
        reachedNanos = nowNanos;
        if (unreached.remove(part) && unreached.isEmpty()) {
            LOG.info("the stream store is back");
        }
    }

    /** A part is of no concern any more. */
    void forget(final String part) {
        unreached.remove(part);
    }

    /** How long no part at all has answered. */
    long lengthNanos(final long nowNanos) {
        return nowNanos - reachedNanos;
    }
}
