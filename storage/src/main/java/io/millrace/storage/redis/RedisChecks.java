package io.millrace.storage.redis;

import io.millrace.pipeline.ship.StreamException;
import io.millrace.storage.StartupException;
import io.millrace.storage.UnreachableException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out at start whether the Redis at hand can hold events without losing any. */
final class RedisChecks {
    private static final Logger LOGGER = LoggerFactory.getLogger(RedisChecks.class);

    private static final int MIN_MAJOR = 6;
    private static final int MIN_MINOR = 2;
    private static final long RETRY_MILLIS = 100;

    private final RedisConnector connector;
    private final CountDownLatch closed;

    /**
     * Prepares the checks.
     *
     * @param closed ends the waiting early
     */
    RedisChecks(final RedisConnector connector, final CountDownLatch closed) {
        this.connector = connector;
        this.closed = closed;
    }

    /** Waits for a Redis that answers, then checks it. While it says that it is loading, the time does not run. */
    void run(final Duration startupTimeout) {
        try (RedisSession session = new RedisSession(connector)) {
            final RedisInfo info = awaitInfo(session, startupTimeout);
            check(info);
            LOGGER.info("redis {} at {}", info.get("redis_version"), connector.address());
        }
    }

    private RedisInfo awaitInfo(final RedisSession session, final Duration startupTimeout) {
        long deadlineNanos = System.nanoTime() + startupTimeout.toNanos();
        boolean loadingSeen = false;
        while (true) {
            final Answer answer = ask(session);
            if (answer.isReady()) {
                return answer.info;
            }
            if (answer.failure == null) {
                deadlineNanos = System.nanoTime() + startupTimeout.toNanos();
                if (!loadingSeen) {
                    LOGGER.info("redis at {} is loading its files: waiting", connector.address());
                    loadingSeen = true;
                }
            } else if (System.nanoTime() - deadlineNanos >= 0) {
                throw new UnreachableException(
                        "redis at " + connector.address() + " could not be reached within "
                                + startupTimeout.toMillis() + " ms (" + answer.failure.getMessage()
                                + "): check that it runs and that the address is right",
                        answer.failure);
            }
            pause();
        }
    }

    /** One try: what Redis tells of itself, or why it did not; neither while it is loading. */
    private record Answer(RedisInfo info, Exception failure) {
        static final Answer LOADING = new Answer(null, null);

        boolean isReady() {
            return info != null;
        }
    }

    private Answer ask(final RedisSession session) {
        try {
            session.open();
            final RedisInfo info = new RedisInfo((String) session.await(session.send(Commands.info())));
            return info.isLoading() ? Answer.LOADING : new Answer(info, null);
        } catch (final ErrorReplyException e) {
            requireAccess(e);
            return e.isLoading() ? Answer.LOADING : new Answer(null, e);
        } catch (final StreamException e) {
            return new Answer(null, e);
        }
    }

    private void requireAccess(final ErrorReplyException e) {
        if (e.isAccessRefused()) {
            throw new StartupException(
                    "redis at " + connector.address() + " refuses access (" + e.getMessage()
                            + "): give user and password in the URI, redis://user:password@host:port",
                    e);
        }
    }

    private void pause() {
        try {
            if (closed.await(RETRY_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new StartupException("closed while waiting for redis at " + connector.address());
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartupException("interrupted while waiting for redis at " + connector.address(), e);
        }
    }

    private void check(final RedisInfo info) {
        if (!info.isAtLeast(MIN_MAJOR, MIN_MINOR)) {
            throw refuse("redis_version", info, "6.2 or later is needed: upgrade it");
        }
        if (info.get("redis_mode").equals("cluster")) {
            throw refuse("redis_mode", info, "a cluster is not supported: give a standalone server");
        }
        if (info.get("role").equals("slave")) {
            throw refuse("role", info, "a replica takes no writes: give the address of its primary");
        }
        if (!info.get("maxmemory_policy").equals("noeviction")) {
            throw refuse(
                    "maxmemory_policy",
                    info,
                    "any other than noeviction may drop events that were acknowledged:"
                            + " run CONFIG SET maxmemory-policy noeviction, and set it in redis.conf");
        }
    }

    private StartupException refuse(final String key, final RedisInfo info, final String remedy) {
        return new StartupException(
                "redis at " + connector.address() + " has " + key + " '" + info.get(key) + "': " + remedy);
    }
}
