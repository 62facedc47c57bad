package io.millrace.storage.redis;

import java.util.Set;

/** One server for all keys. */
record SingleNode(RedisNode node) implements Topology {
    @Override
    public RedisNode masterOf(final String key) {
        return node;
    }

    @Override
    public Set<RedisNode> masters() {
        return Set.of(node);
    }

    @Override
    public boolean names(final RedisNode other) {
        return node.equals(other);
    }

    @Override
    public boolean isHearsay() {
        return false;
    }

    @Override
    public void forget() {
        // It is always the same.
    }

    @Override
    public void close() {
        // It holds no connection.
    }
}
