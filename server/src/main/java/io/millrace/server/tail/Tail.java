package io.millrace.server.tail;

import io.millrace.pipeline.ship.StreamException;
import io.millrace.pipeline.window.EventFeed;
import io.millrace.server.config.TailConfig;
import io.millrace.storage.StartupException;
import io.millrace.storage.redis.RedisOptions;
import io.millrace.storage.redis.RedisStreams;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows the events of all streams as they come, until nobody reads its output any more or, if it is not to follow, until it has
 * shown what there is.
 *
 * <p>It polls: entries go when PostgreSQL has them, which takes a flush interval at the least, and a poll of an idle stream costs
 * Redis some microseconds. Nothing is written to Redis.
 *
 * <p>Belongs to the main thread.
 */
public final class Tail {
    private static final Logger LOG = LoggerFactory.getLogger(Tail.class);
    private static final int OUTPUT_BYTES = 1 << 16;
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(25);
    private static final long LIST_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final TailConfig config;
    private final EventFeed feed;
    private final OutputStream out;
    private final EventFilter filter;
    private final Map<String, StreamTail> tails = new TreeMap<>();
    private boolean listed;
    private boolean failing;

    private Tail(final TailConfig config, final EventFeed feed, final OutputStream out) {
        this.config = config;
        this.feed = feed;
        this.out = new BufferedOutputStream(out, OUTPUT_BYTES);
        filter = new EventFilter(config);
    }

    /**
     * Shows events until there is nobody or nothing left.
     *
     * @throws StartupException if Redis cannot be reached at the start
     */
    public static void run(final TailConfig config, final OutputStream out) {
        try (RedisStreams streams =
                        RedisStreams.open(RedisOptions.of(config.redis().value()));
                EventFeed feed = streams.eventFeed()) {
            final Tail tail = new Tail(config, feed, out);
            tail.list();
            tail.show();
        } catch (final StreamException e) {
            throw new StartupException(e.getMessage() + ": start the server, or correct --redis", e);
        } catch (final IOException e) {
            LOG.debug("nobody reads the output any more", e);
        }
    }

    /** Takes up streams that it does not know. Those that come while it runs are shown from their beginning. */
    private void list() throws StreamException {
        for (final String stream : feed.streams()) {
            if (!tails.containsKey(stream)) {
                tails.put(
                        stream,
                        config.from().onlyNew() && !listed
                                ? new StreamTail(stream, filter, out, feed.last(stream))
                                : new StreamTail(stream, filter, out));
            }
        }
        listed = true;
    }

    private void show() throws IOException {
        long listNanos = System.nanoTime();
        while (true) {
            int entries = 0;
            try {
                if (System.nanoTime() - listNanos >= LIST_NANOS) {
                    listNanos = System.nanoTime();
                    list();
                }
                for (final StreamTail tail : tails.values()) {
                    entries += tail.step(feed);
                }
                failing = false;
            } catch (final StreamException e) {
                failed(e);
            }
            out.flush();
            if (entries == 0) {
                if (!config.follow() && !failing) {
                    return;
                }
                LockSupport.parkNanos(failing ? RETRY_NANOS : POLL_NANOS);
            }
        }
    }

    private void failed(final StreamException e) {
        if (!failing) {
            LOG.warn("{}; trying again every second", e.getMessage());
        }
        failing = true;
    }
}
