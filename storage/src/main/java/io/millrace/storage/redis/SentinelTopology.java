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

    private final RedisConnector connector;
    /** Those that did not answer go to the end. */
    private final List<RedisNode> sentinels;

    private RedisSession session;
    private RedisNode master;
    private long askedNanos;
    private boolean isForgotten;

    SentinelTopology(final RedisConnector connector) {
        this.connector = connector;
        sentinels = new ArrayList<>(connector.uri().seeds());
    }

    @Override
    public RedisNode masterOf(final String key) throws StreamException, ErrorReplyException {
        final long ageNanos = System.nanoTime() - askedNanos;
        if (master == null || ageNanos > (isForgotten ? MIN_AGE_NANOS : MAX_AGE_NANOS)) {
            try {
                askedNanos = System.nanoTime();
                master = ask();
                isForgotten = false;
            } catch (final StreamException e) {
                // No Sentinel is no reason to leave a master that works.
                if (master == null || isForgotten) {
                    throw e;
                }
            }
        }
        return master;
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

    private RedisNode ask() throws StreamException, ErrorReplyException {
        StreamException failure = null;
        for (int i = 0; i < sentinels.size(); i++) {
            try {
                return ask(sentinels.get(0));
            } catch (final StreamException e) {
                failure = e;
                close();
                sentinels.add(sentinels.remove(0));
            } catch (final ErrorReplyException e) {
                close();
                throw e;
            }
        }
        throw new StreamException("no Sentinel tells where the master is: " + failure.getMessage(), failure);
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
