package io.millrace.storage.redis;

import io.millrace.pipeline.ship.EventStream;
import io.millrace.pipeline.window.EventFeed;
import io.millrace.storage.StartupException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/**
 * Redis as the place of the streams. Thread-safe; what it hands out is not.
 *
 * <p>Nothing is connected before the first call of a stream or feed: a server with a journal starts without Redis.
 */
public final class RedisStreams implements AutoCloseable {
    private final RedisConnector connector;
    private final CountDownLatch closed = new CountDownLatch(1);

    private RedisStreams(final RedisConnector connector) {
        this.connector = connector;
    }

    /**
     * Prepares access, without connecting.
     *
     * @throws StartupException if the URI cannot be used
     */
    public static RedisStreams open(final RedisOptions options) {
        return new RedisStreams(new RedisConnector(options));
    }

    /**
     * Checks that every master can be reached, is 6.2 or later, is one, and evicts nothing. Waits for one that is loading its
     * files, however long that takes.
     *
     * @param startupTimeout how long one may be unreachable
     * @throws StartupException if one of these does not hold
     */
    public void check(final Duration startupTimeout) {
        new RedisChecks(connector, closed).run(startupTimeout);
    }

    /** The append side of one stream, with a connection of its own. */
    public EventStream eventStream(final String stream) {
        return new RedisEventStream(connector, stream);
    }

    /** The read side of all streams, with a connection of its own. */
    public EventFeed eventFeed() {
        return new RedisEventFeed(connector);
    }

    /** Where Redis is, without credentials. */
    public String address() {
        return connector.address();
    }

    /** Closes all connections; calls that wait fail. */
    @Override
    public void close() {
        closed.countDown();
        connector.close();
    }
}
