package io.millrace.bench.load;

import java.net.InetSocketAddress;
import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where requests go.
 *
 * @param authority host and port, as in the field {@code Host}
 * @param host without the brackets of an IPv6 address
 * @param port of the server
 * @param resource path and query as in the request line; empty: what the form has
 */
public record Target(String authority, String host, int port, String resource) {
    /** What a URL has to look like. */
    static final Pattern SYNTAX = Pattern.compile(
            "http://((\\[[0-9A-Fa-f:.]+\\]|[A-Za-z0-9._-]+)(?::([0-9]{1,5}))?)(/[\\x21-\\x7e&&[^#]]*)?");

    private static final int DEFAULT_PORT = 80;
    private static final int MAX_PORT = 65535;

    /** Reads a URL of {@link #SYNTAX}. */
    public static Target of(final String url) {
        final Matcher matcher = SYNTAX.matcher(url);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("no URL of a server: " + url);
        }
        final int port = matcher.group(3) == null ? DEFAULT_PORT : Integer.parseInt(matcher.group(3));
        if (port < 1 || port > MAX_PORT) {
            throw new IllegalArgumentException("no port: " + port);
        }
        final String host = matcher.group(2).replaceAll("[\\[\\]]", "");
        return new Target(matcher.group(1), host, port, matcher.group(4) == null ? "" : matcher.group(4));
    }

    /** A server on an address, with the paths of Millrace. */
    public static Target of(final InetSocketAddress address) {
        return of(URI.create("http://" + hostOf(address) + ':' + address.getPort())
                .toString());
    }

    private static String hostOf(final InetSocketAddress address) {
        final String host = address.getAddress().getHostAddress();
        return host.contains(":") ? '[' + host + ']' : host;
    }

    /** The address, looked up now. */
    InetSocketAddress address() {
        return new InetSocketAddress(host, port);
    }
}
