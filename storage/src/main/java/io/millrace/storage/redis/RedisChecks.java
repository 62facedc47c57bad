package io.millrace.storage.redis;

import io.millrace.pipeline.ship.StreamException;
import io.millrace.storage.StartupException;
import io.millrace.storage.UnreachableException;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
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
        long deadlineNanos = System.nanoTime() + startupTimeout.toNanos();
        boolean loadingSeen = false;
        try (Topology topology = connector.topology()) {
            while (true) {
                try {
                    tryOnce(topology);
                    return;
                } catch (final LoadingException e) {
                    deadlineNanos = System.nanoTime() + startupTimeout.toNanos();
                    if (!loadingSeen) {
                        LOGGER.info("redis at {} is loading its files: waiting", connector.address());
                        loadingSeen = true;
                    }
                } catch (final ErrorReplyException | StreamException e) {
                    if (System.nanoTime() - deadlineNanos >= 0) {
                        throw unreachable(startupTimeout, e);
                    }
                }
                pause();
            }
        }
    }

    private UnreachableException unreachable(final Duration startupTimeout, final Exception failure) {
        return new UnreachableException(
                "redis at " + connector.address() + " could not be reached within " + startupTimeout.toMillis()
                        + " ms (" + failure.getMessage() + "): check that it runs and that the address is right",
                failure);
    }

    private void tryOnce(final Topology topology) throws StreamException, ErrorReplyException, LoadingException {
        if (connector.uri().kind() != RedisUri.Kind.STANDALONE) {
            checkSeeds();
        }
        topology.forget();
        checkMasters(topology);
    }

    /** Whether the first server that answers is what the address says. */
    private void checkSeeds() throws StreamException, ErrorReplyException, LoadingException {
        final RedisUri.Kind kind = connector.uri().kind();
        StreamException failure = null;
        for (final RedisNode seed : connector.uri().seeds()) {
            try (RedisSession session = kind == RedisUri.Kind.SENTINEL
                    ? RedisSession.toSentinel(connector, seed)
                    : new RedisSession(connector, seed)) {
                requireMode(seed, ask(session, seed), kind);
                return;
            } catch (final StreamException e) {
                failure = e;
            }
        }
        throw failure;
    }

    private static void requireMode(final RedisNode node, final RedisInfo info, final RedisUri.Kind expected) {
        final RedisUri.Kind found = switch (info.get("redis_mode")) {
            case "standalone" -> RedisUri.Kind.STANDALONE;
            case "sentinel" -> RedisUri.Kind.SENTINEL;
            case "cluster" -> RedisUri.Kind.CLUSTER;
            default -> expected;
        };
        if (found != expected) {
            throw refuse(node, "redis_mode", info, "give it as " + scheme(found));
        }
    }

    private static String scheme(final RedisUri.Kind kind) {
        return switch (kind) {
            case STANDALONE -> "redis://host:port";
            case SENTINEL -> "redis-sentinel://host:port,host:port…#master";
            case CLUSTER -> "redis-cluster://host:port,host:port…";
        };
    }

    private void checkMasters(final Topology topology) throws StreamException, ErrorReplyException, LoadingException {
        final Map<RedisNode, String> versions = new TreeMap<>(Comparator.comparing(RedisNode::toString));
        for (final RedisNode master : topology.masters()) {
            try (RedisSession session = new RedisSession(connector, master)) {
                final RedisInfo info = ask(session, master);
                requireMode(
                        master,
                        info,
                        connector.uri().kind() == RedisUri.Kind.CLUSTER
                                ? RedisUri.Kind.CLUSTER
                                : RedisUri.Kind.STANDALONE);
                check(master, info);
                versions.put(master, info.get("redis_version"));
            }
        }
        LOGGER.info("redis at {}: {}", connector.address(), versions);
    }

    private RedisInfo ask(final RedisSession session, final RedisNode node)
            throws StreamException, ErrorReplyException, LoadingException {
        try {
            session.open();
            final RedisInfo info = new RedisInfo((String) session.await(session.send(Commands.info())));
            if (info.isLoading()) {
                throw new LoadingException();
            }
            return info;
        } catch (final ErrorReplyException e) {
            if (e.isLoading()) {
                throw new LoadingException();
            }
            requireAccess(node, e);
            throw e;
        }
    }

    private static void requireAccess(final RedisNode node, final ErrorReplyException e) {
        if (e.isAccessRefused()) {
            throw new StartupException(
                    "redis at " + node + " refuses access (" + e.getMessage()
                            + "): give user and password in the URI, redis://user:password@host:port; those of Sentinels"
                            + " as ?sentinelUsername=…&sentinelPassword=…",
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

    private void check(final RedisNode node, final RedisInfo info) throws StreamException {
        if (!info.isAtLeast(MIN_MAJOR, MIN_MINOR)) {
            throw refuse(node, "redis_version", info, "6.2 or later is needed: upgrade it");
        }
        if (info.get("role").equals("slave")) {
            if (connector.uri().kind() != RedisUri.Kind.STANDALONE) {
                throw new StreamException("redis " + node + " was named as a master, but is a replica");
            }
            throw refuse(
                    node,
                    "role",
                    info,
                    "a replica takes no writes: give the address of its primary, or of the Sentinels that watch it as "
                            + scheme(RedisUri.Kind.SENTINEL));
        }
        if (!info.get("maxmemory_policy").equals("noeviction")) {
            throw refuse(
                    node,
                    "maxmemory_policy",
                    info,
                    "any other than noeviction may drop events that were acknowledged:"
                            + " run CONFIG SET maxmemory-policy noeviction, and set it in redis.conf");
        }
        warnOfMissingReplicas(node, info);
    }

    /** A replica may come back: no reason not to start. */
    private void warnOfMissingReplicas(final RedisNode node, final RedisInfo info) {
        final int wanted = connector.options().waitReplicas();
        final String replicas = info.get("connected_slaves");
        if (wanted > 0 && replicas.matches("[0-9]{1,4}") && Integer.parseInt(replicas) < wanted) {
            LOGGER.warn(
                    "redis at {} has {} replicas now, and {} have to confirm: until it has, events wait in the journal",
                    node,
                    replicas,
                    wanted);
        }
    }

    private static StartupException refuse(
            final RedisNode node, final String key, final RedisInfo info, final String remedy) {
        return new StartupException("redis at " + node + " has " + key + " '" + info.get(key) + "': " + remedy);
    }

    /** It reads its files, and will answer. */
    private static final class LoadingException extends Exception {
        private static final long serialVersionUID = 1L;
    }
}
