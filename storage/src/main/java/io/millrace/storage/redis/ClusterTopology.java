package io.millrace.storage.redis;

import io.lettuce.core.cluster.SlotHash;
import io.millrace.pipeline.ship.StreamException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A master for each slot, as any server of the cluster tells it by {@code CLUSTER SLOTS}, see
 * <a href="https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/">the specification</a>.
 *
 * <p>The one that answered last is asked first, and those that were named at the start last: a cluster may have moved away
 * from them.
 */
final class ClusterTopology implements Topology {
    private final RedisConnector connector;
    private final RedisNode[] masterOfSlot = new RedisNode[SlotHash.SLOT_COUNT];
    private Deque<RedisNode> nodes;
    private boolean hasAnswer;
    private long answeredNanos;
    private boolean isKnown;

    ClusterTopology(final RedisConnector connector) {
        this.connector = connector;
        nodes = new ArrayDeque<>(connector.uri().seeds());
    }

    @Override
    public RedisNode masterOf(final String key) throws StreamException, ErrorReplyException {
        final int slot = SlotHash.getSlot(key);
        ask();
        final RedisNode master = masterOfSlot[slot];
        if (master == null) {
            isKnown = false;
            throw new StreamException("slot " + slot + " has no master in the cluster");
        }
        return master;
    }

    @Override
    public Set<RedisNode> masters() throws StreamException, ErrorReplyException {
        ask();
        final Set<RedisNode> masters = new HashSet<>(Arrays.asList(masterOfSlot));
        if (masters.contains(null)) {
            isKnown = false;
            throw new StreamException("not every slot has a master in the cluster");
        }
        return masters;
    }

    @Override
    public boolean isHearsay() {
        // A server of a cluster refuses the keys that are not its own.
        return false;
    }

    @Override
    public boolean names(final RedisNode node) {
        return Arrays.asList(masterOfSlot).contains(node);
    }

    private void ask() throws StreamException, ErrorReplyException {
        StreamException failure = null;
        final long startNanos = System.nanoTime();
        final long limitNanos = connector.options().connectTimeout().toNanos();
        isKnown |= hasAnswer && startNanos - answeredNanos < MIN_AGE_NANOS;
        // Others are asked the next time, if these do not even refuse.
        for (int i = nodes.size(); i > 0 && !isKnown && System.nanoTime() - startNanos < limitNanos; i--) {
            final RedisNode node = nodes.element();
            try (RedisSession session = new RedisSession(connector, node)) {
                session.open();
                take(node, (List<?>) session.await(session.send(Commands.slots())));
                answeredNanos = System.nanoTime();
                hasAnswer = true;
                isKnown = true;
            } catch (final StreamException e) {
                failure = e;
                nodes.add(nodes.remove());
            } catch (final ErrorReplyException e) {
                if (e.isAccessRefused()) {
                    throw e;
                }
                failure = new StreamException("redis " + node + ": " + e.getMessage(), e);
                nodes.add(nodes.remove());
            }
        }
        if (!isKnown) {
            throw new StreamException(
                    "no server tells where the cluster's masters are: " + failure.getMessage(), failure);
        }
    }

    /** Each range is {@code [first, last, [host, port, id, …] of the master, the same of its replicas …]}. */
    private void take(final RedisNode asked, final List<?> ranges) {
        final Set<RedisNode> known = new LinkedHashSet<>();
        known.add(asked);
        Arrays.fill(masterOfSlot, null);
        for (final Object each : ranges) {
            final List<?> range = (List<?>) each;
            for (final Object server : range.subList(2, range.size())) {
                known.add(node((List<?>) server, asked));
            }
            final int first = ((Long) range.get(0)).intValue();
            final int last = ((Long) range.get(1)).intValue();
            Arrays.fill(masterOfSlot, first, last + 1, node((List<?>) range.get(2), asked));
        }
        known.addAll(connector.uri().seeds());
        nodes = new ArrayDeque<>(known);
    }

    /** A server that does not know its own address, or has none to be preferred, is where it was asked. */
    private static RedisNode node(final List<?> server, final RedisNode asked) {
        final String host = (String) server.get(0);
        final int port = ((Long) server.get(1)).intValue();
        return new RedisNode(host == null || host.isEmpty() || host.equals("?") ? asked.host() : host, port);
    }

    @Override
    public void forget() {
        isKnown = false;
    }

    @Override
    public void close() {
        isKnown = false;
    }
}
