package io.millrace.storage.redis;

import io.millrace.pipeline.Backoff;
import io.millrace.pipeline.ship.StreamException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The sessions of one thread, one to each master that it needs. Used by one thread only.
 *
 * <ol>
 *   <li>Where a key's master is is asked again whenever the session to it was dropped, which every error does: {@code MOVED},
 *       {@code ASK} and {@code READONLY} among them.
 *   <li>A server that cannot be connected to is left alone for a while, and at least for as long as the attempt took: of the
 *       time of its thread it gets half at the most, and calls for its keys fail at once meanwhile.
 * </ol>
 */
final class RedisSessions implements AutoCloseable {
    private static final long MIN_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long MAX_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final RedisConnector connector;
    private final Topology topology;
    private final Map<RedisNode, RedisSession> sessions = new HashMap<>();
    private final Map<RedisNode, Pause> pauses = new HashMap<>();

    RedisSessions(final RedisConnector connector) {
        this.connector = connector;
        topology = connector.topology();
    }

    /**
     * The open session to the master of a key.
     *
     * @throws StreamException if it cannot be connected to, or nobody told where it is
     */
    RedisSession of(final String key) throws StreamException {
        try {
            RedisNode node = topology.masterOf(key);
            final RedisSession known = sessions.get(node);
            if (known != null && known.isOpen()) {
                return known;
            }
            if (known != null) {
                topology.forget();
                node = topology.masterOf(key);
            }
            return open(node);
        } catch (final ErrorReplyException e) {
            topology.forget();
            throw new StreamException("redis " + connector.address() + ": " + e.getMessage(), e);
        }
    }

    /** The masters may have changed: where they are is asked anew. */
    void lookAgain() {
        topology.forget();
    }

    /** Leaves all servers, after an answer that nobody expected. */
    void drop() {
        sessions.values().forEach(RedisSession::drop);
    }

    private RedisSession open(final RedisNode node) throws StreamException, ErrorReplyException {
        final Pause pause = pauses.computeIfAbsent(node, unused -> new Pause());
        final long startNanos = System.nanoTime();
        if (pause.holds(startNanos)) {
            topology.forget();
            throw new StreamException("redis " + node + ": could not be connected to a moment ago");
        }
        final RedisSession session = sessions.computeIfAbsent(node, target -> new RedisSession(connector, target));
        boolean isUsable = false;
        try {
            session.open();
            if (topology.isHearsay()) {
                requireMaster(session);
            }
            isUsable = true;
        } finally {
            if (isUsable) {
                pauses.remove(node);
            } else {
                session.close();
                sessions.remove(node);
                topology.forget();
                pause.failed(startNanos, System.nanoTime());
            }
        }
        leaveFormerMasters();
        return session;
    }

    private static void requireMaster(final RedisSession session) throws StreamException, ErrorReplyException {
        try {
            if (!StreamInfo.isMaster(session.await(session.send(Commands.role())))) {
                throw session.refused("is not a master, or not any more", null);
            }
        } catch (final ErrorReplyException e) {
            // A user who may not ask finds out at the first write.
            if (!e.isAccessRefused()) {
                throw e;
            }
        }
    }

    /** Somebody has taken a place: those that are no masters any more are left. */
    private void leaveFormerMasters() {
        sessions.entrySet().removeIf(session -> {
            final boolean isFormer = !topology.names(session.getKey());
            if (isFormer) {
                session.getValue().close();
            }
            return isFormer;
        });
    }

    @Override
    public void close() {
        sessions.values().forEach(RedisSession::close);
        sessions.clear();
        topology.close();
    }

    /** How long a server is left alone. */
    private static final class Pause {
        private final Backoff backoff = new Backoff(MIN_PAUSE_NANOS, MAX_PAUSE_NANOS, System.nanoTime());
        private long endNanos = System.nanoTime();

        boolean holds(final long nowNanos) {
            return backoff.holds(nowNanos) || nowNanos - endNanos < 0;
        }

        void failed(final long startNanos, final long nowNanos) {
            backoff.failed(nowNanos);
            endNanos = nowNanos + (nowNanos - startNanos);
        }
    }
}
