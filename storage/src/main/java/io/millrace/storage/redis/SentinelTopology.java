package io.millrace.storage.redis;

import io.millrace.pipeline.ship.StreamException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * One master for all keys, as Sentinels tell it: the first that answers is believed, and then the server itself is asked,
 * see <a href="https://redis.io/docs/latest/develop/reference/sentinel-clients/">the guidelines for clients</a>.
 *
 * <p>What was told is believed for some seconds: a master that was cut off from its Sentinels goes on as if nothing had
 * happened, and so do those who only read from it.
 */
final class SentinelTopology implements Topology {
    private static final long MAX_AGE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final int PATIENCE = 6;

    private final RedisConnector connector;
    /** Those that did not answer go to the end. */
    private final List<RedisNode> sentinels;

    private RedisSession session;
    private RedisNode master;
    private long answeredNanos;
    private long refreshNanos;
    private boolean isForgotten;

    SentinelTopology(final RedisConnector connector) {
        this.connector = connector;
        sentinels = new ArrayList<>(connector.uri().seeds());
    }

    @Override
    public RedisNode masterOf(final String key) throws StreamException, ErrorReplyException {
        final long nowNanos = System.nanoTime();
        if (master == null || (isForgotten && nowNanos - answeredNanos >= MIN_AGE_NANOS)) {
            master = askAll();
            answered();
        } else if (nowNanos - refreshNanos >= 0) {
            refresh(nowNanos);
        }
        return master;
    }

    private void answered() {
        isForgotten = false;
        answeredNanos = System.nanoTime();
        refreshNanos = answeredNanos + MAX_AGE_NANOS;
    }

    /** No Sentinel is no reason to leave a master that works, nor to wait for one most of the time. */
    private void refresh(final long startNanos) {
        try {
            master = ask(sentinels.get(0));
            answered();
        } catch (final StreamException | ErrorReplyException unanswered) {
            leaveFirst();
            final long nowNanos = System.nanoTime();
            refreshNanos = nowNanos + Math.max(MAX_AGE_NANOS, PATIENCE * (nowNanos - startNanos));
        }
    }

    @Override
    public Set<RedisNode> masters() throws StreamException, ErrorReplyException {
        return Set.of(masterOf(""));
    }

    @Override
    public boolean names(final RedisNode node) {
        return node.equals(master);
    }

    @Override
    public boolean isHearsay() {
        return true;
    }

    private RedisNode askAll() throws StreamException, ErrorReplyException {
        StreamException failure = null;
        final long startNanos = System.nanoTime();
        final long limitNanos = connector.options().connectTimeout().toNanos();
        // Others are asked the next time, if these do not even refuse.
        for (int i = sentinels.size(); i > 0 && System.nanoTime() - startNanos < limitNanos; i--) {
            try {
                return ask(sentinels.get(0));
            } catch (final StreamException e) {
                failure = e;
                leaveFirst();
            } catch (final ErrorReplyException e) {
                close();
                throw e;
            }
        }
        throw new StreamException("no Sentinel tells where the master is: " + failure.getMessage(), failure);
    }

    private void leaveFirst() {
        close();
        sentinels.add(sentinels.remove(0));
    }

    private RedisNode ask(final RedisNode sentinel) throws StreamException, ErrorReplyException {
        if (session == null) {
            session = RedisSession.toSentinel(connector, sentinel);
        }
        session.open();
        final String name = connector.uri().master();
        final Object reply = session.await(session.send(Commands.masterAddress(name)));
        if (reply == null) {
            throw new StreamException("the Sentinel " + sentinel + " watches no master named " + name);
        }
        final List<?> address = (List<?>) reply;
        return new RedisNode((String) address.get(0), Integer.parseInt((String) address.get(1)));
    }

    @Override
    public void forget() {
        isForgotten = true;
    }

    @Override
    public void close() {
        if (session != null) {
            session.close();
            session = null;
        }
    }
}
