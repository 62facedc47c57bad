package io.millrace.storage.redis;

/**
 * Where one Redis server or Sentinel listens.
 *
 * @param host a name or an address; without brackets if it is IPv6
 */
record RedisNode(String host, int port) {
    /** For messages. */
    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : '[' + host + ']') + ':' + port;
    }
}
