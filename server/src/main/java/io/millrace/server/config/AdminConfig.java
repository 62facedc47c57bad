package io.millrace.server.config;

import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.Set;

/**
 * The admin port. Does not show the token.
 *
 * @param address where it listens; port 0 is any free one
 * @param hosts names that {@code Host} may hold besides loopback and the address that a connection came to
 * @param token what a request must carry; empty: nothing, which loopback only allows
 */
public record AdminConfig(InetSocketAddress address, Set<String> hosts, Optional<String> token) {
    public AdminConfig {
        hosts = Set.copyOf(hosts);
    }

    @Override
    public String toString() {
        return "admin port " + address + (token.isEmpty() ? "" : " with a token") + ", hosts " + hosts;
    }
}
