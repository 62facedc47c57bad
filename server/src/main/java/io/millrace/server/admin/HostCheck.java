package io.millrace.server.admin;

import io.millrace.server.admin.http.AdminException;
import io.millrace.server.admin.http.AdminReply;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether a request was meant for this server, by its {@code Host}.
 *
 * <p>A page can make its own name resolve to this machine ("DNS rebinding") and then read what the server answers; the
 * browser still sends that name as {@code Host}. Allowed are loopback, the address that the connection came to, which
 * needs no name, and the hosts that the operator has configured. Immutable.
 */
final class HostCheck {
    private static final Pattern AUTHORITY = Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[^\\[\\]:@/\\s]+)(?::[0-9]{1,5})?");

    private final Set<String> hosts;

    /**
     * Makes the check.
     *
     * @param hosts in lower case, without a port
     */
    HostCheck(final Set<String> hosts) {
        this.hosts = Set.copyOf(hosts);
    }

    /**
     * Checks a request.
     *
     * @param localAddress that the connection came to
     * @throws AdminException if its Host is missing, ambiguous, or another server's
     */
    void check(final HttpRequest request, final InetAddress localAddress) throws AdminException {
        final List<String> values = request.headers().getAll(HttpHeaderNames.HOST);
        if (values.isEmpty() && !request.protocolVersion().equals(HttpVersion.HTTP_1_1)) {
            // HTTP/1.0 asks for none, and no browser speaks it.
            return;
        }
        // RFC 9112, 3.2: exactly one.
        if (values.size() != 1) {
            throw AdminException.badRequest("invalid_host", "a request must have exactly one Host");
        }
        if (!allows(values.get(0), localAddress)) {
            throw new AdminException(AdminReply.error(
                    HttpResponseStatus.MISDIRECTED_REQUEST,
                    "misdirected_request",
                    "Host is neither loopback nor a host that this port was configured with"));
        }
    }

    boolean allows(final String authority, final InetAddress localAddress) {
        final Matcher matcher = AUTHORITY.matcher(authority);
        if (!matcher.matches()) {
            return false;
        }
        final String host = matcher.group(1).toLowerCase(Locale.ROOT);
        final String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        if (host.equals("localhost") || hosts.contains(bare)) {
            return true;
        }
        final boolean literal =
                host.startsWith("[") ? NetUtil.isValidIpV6Address(bare) : NetUtil.isValidIpV4Address(bare);
        if (!literal) {
            return false;
        }
        final InetAddress address = NetUtil.createInetAddressFromIpAddressString(bare);
        return address.isLoopbackAddress() || address.equals(localAddress);
    }
}
