package io.millrace.server.config;

import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where to listen: {@code 127.0.0.1:8080}, {@code [::1]:8080}, {@code 0.0.0.0:0}. A name is resolved at once. */
record AddressFormat() implements Format<InetSocketAddress> {
    private static final Pattern SYNTAX =
            Pattern.compile("(?:\\[([0-9A-Fa-f:.%\\w]+)\\]|([^\\[\\]:/\\s]+)):([0-9]{1,5})");
    private static final int MAX_PORT = 65535;

    @Override
    public InetSocketAddress parse(final String text) {
        final Matcher matcher = SYNTAX.matcher(text);
        if (!matcher.matches() || Integer.parseInt(matcher.group(3)) > MAX_PORT) {
            throw new IllegalArgumentException("must be " + bounds());
        }
        final String host = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
        final InetSocketAddress address = new InetSocketAddress(host, Integer.parseInt(matcher.group(3)));
        if (address.isUnresolved()) {
            throw new IllegalArgumentException("this host is not known here; give an address of this machine, such as"
                    + " 127.0.0.1, or 0.0.0.0 for all of them");
        }
        return address;
    }

    @Override
    public String label() {
        return "HOST:PORT";
    }

    @Override
    public String bounds() {
        return "host:port with a port of 0 (any free one) to 65535, an IPv6 host in brackets";
    }
}
