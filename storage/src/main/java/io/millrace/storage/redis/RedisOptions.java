package io.millrace.storage.redis;

import java.time.Duration;

/**
 * How Redis is reached.
 *
 * @param uri one of the forms of {@link RedisUri}
 * @param connectTimeout bound on making one connection, authentication included
 * @param commandTimeout bound on one round trip; a reply later than this counts as none
 * @param ioThreads how many threads move bytes, for all connections together
 * @param waitReplicas how many replicas must have a block before it counts as appended; 0: none is asked
 */
public record RedisOptions(
        String uri, Duration connectTimeout, Duration commandTimeout, int ioThreads, int waitReplicas) {
    /** Short enough to find out that two servers are away before an owner of streams is taken for dead. */
    public static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(3);

    /** Long enough for an fsync of one block on a busy disk. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

    public RedisOptions {
        requirePositive("connectTimeout", connectTimeout);
        requirePositive("commandTimeout", commandTimeout);
        if (ioThreads < 1) {
            throw new IllegalArgumentException("ioThreads must be at least 1, not " + ioThreads);
        }
        if (waitReplicas < 0) {
            throw new IllegalArgumentException("waitReplicas must not be below 0, but is " + waitReplicas);
        }
    }

    /** The defaults: 3 s for a connection, 5 s for a reply, one thread, no replica. */
    public static RedisOptions of(final String uri) {
        return new RedisOptions(uri, DEFAULT_CONNECT_TIMEOUT, DEFAULT_TIMEOUT, 1, 0);
    }

    /** The same, with so many replicas to wait for. */
    public RedisOptions withWaitReplicas(final int replicas) {
        return new RedisOptions(uri, connectTimeout, commandTimeout, ioThreads, replicas);
    }

    /** How long the replicas have: half of a round trip's bound, so that the answer is there before it is over. */
    Duration waitTimeout() {
        return commandTimeout.dividedBy(2);
    }

    private static void requirePositive(final String name, final Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + " must be more than 0, not " + value);
        }
    }

    /** Leaves the URI out: it may hold a password. */
    @Override
    public String toString() {
        return "RedisOptions[connectTimeout=" + connectTimeout + ", commandTimeout=" + commandTimeout + ", ioThreads="
                + ioThreads + ", waitReplicas=" + waitReplicas + ']';
    }
}
