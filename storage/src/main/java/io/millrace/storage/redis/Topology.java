package io.millrace.storage.redis;

import io.millrace.pipeline.ship.StreamException;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Where the masters are, by what was last asked. It is asked again after {@link #forget()}, and never learns from the text of
 * an error. Used by one thread only.
 */
interface Topology extends AutoCloseable {
    /** An answer younger than this is not asked for again: many keys may miss one server. */
    long MIN_AGE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /**
     * The server that takes writes to a key.
     *
     * @throws StreamException if nobody told within the time limits
     */
    RedisNode masterOf(String key) throws StreamException, ErrorReplyException;

    /**
     * All servers that take writes.
     *
     * @throws StreamException if nobody told within the time limits, or there is none for some of the keys
     */
    Set<RedisNode> masters() throws StreamException, ErrorReplyException;

    /** Whether it is one of the masters, by what was last asked. */
    boolean names(RedisNode node);

    /** Whether a server that it names must be asked if it is a master, before it is used as one. */
    boolean isHearsay();

    /** What is known is doubtful: the next call asks, unless the answer has only just come. */
    void forget();

    @Override
    void close();
}
