package io.millrace.server.admin;

import io.millrace.storage.StartupException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The settings of the admin port.
 *
 * @param address where to listen; port 0 takes any free one
 * @param hosts names and addresses, without a port, that {@code Host} may hold besides loopback and the address that the
 *     connection came to
 * @param token what {@code Authorization: Bearer} must hold, or null for none
 * @param window the size of the windows, shown with the aggregates
 * @param maxAge how old the oldest event not yet shipped or stored may be while the server calls itself ready
 * @param version of this build, shown in the metrics
 * @param libraries a folder that native libraries may be unpacked into
 */
public record AdminSettings(
        InetSocketAddress address,
        Set<String> hosts,
        String token,
        Duration window,
        Duration maxAge,
        String version,
        Path libraries) {
    /**
     * Checks the settings.
     *
     * @throws StartupException if the address is not known, or others than this machine could reach the port without a
     *     token
     */
    public AdminSettings {
        if (address.isUnresolved()) {
            throw new StartupException("--admin: the host " + address.getHostString()
                    + " is not known; give an address of this machine, as 127.0.0.1:" + address.getPort());
        }
        if (token != null && token.isBlank()) {
            throw new StartupException("--admin-token is blank; give a token, or leave the option away");
        }
        if (token == null && !address.getAddress().isLoopbackAddress()) {
            throw new StartupException("--admin " + address.getHostString() + ':' + address.getPort()
                    + " is not a loopback address, and others than this machine may reach it: set --admin-token, or"
                    + " listen on 127.0.0.1:" + address.getPort());
        }
        hosts = hosts.stream().map(host -> host.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "admin port " + address + (token == null ? "" : " with a token") + ", hosts " + hosts;
    }
}
