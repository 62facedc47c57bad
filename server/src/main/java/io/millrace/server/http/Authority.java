package io.millrace.server.http;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * The syntax of {@code uri-host [ ":" port ]}: the value of Host, and the authority of a target in absolute-form. An
 * empty host is refused (RFC 9110, 4.2.1), and so is userinfo (4.2.4).
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc3986#section-3.2.2">RFC 3986, 3.2.2</a>
 */
final class Authority {
    private static final int MAX_PORT = 65535;
    private static final boolean[] NAME = new boolean[256];

    static {
        // RFC 3986, 2.2 and 2.3: unreserved or sub-delims
        for (int b = '0'; b <= '9'; b++) {
            NAME[b] = true;
        }
        for (int b = 'a'; b <= 'z'; b++) {
            NAME[b] = true;
            NAME[b - 0x20] = true;
        }
        for (final char b : "-._~!$&'()*+,;=".toCharArray()) {
            NAME[b] = true;
        }
    }

    private Authority() {}

    static boolean isValid(final UnsafeBuffer buffer, final int from, final int to) {
        final int hostEnd =
                from < to && buffer.getByte(from) == '[' ? addressEnd(buffer, from, to) : nameEnd(buffer, from, to);
        return hostEnd > from && (hostEnd == to || isPort(buffer, hostEnd, to));
    }

    /** The index behind an IPv6 address in brackets, or -1. IPvFuture is refused. */
    private static int addressEnd(final UnsafeBuffer buffer, final int from, final int to) {
        int i = from + 1;
        while (i < to && buffer.getByte(i) != ']') {
            i++;
        }
        return i < to && Ipv6Address.isValid(buffer, from + 1, i) ? i + 1 : -1;
    }

    /** The index behind a reg-name, which ends at a colon or at the end; or -1. */
    private static int nameEnd(final UnsafeBuffer buffer, final int from, final int to) {
        int i = HeadScanner.skipHostName(buffer, from, to);
        while (i < to) {
            final byte b = buffer.getByte(i);
            if (NAME[b & 0xFF]) {
                i++;
            } else if (b == ':') {
                break;
            } else if (b == '%') {
                if (to - i < 3
                        || HttpBytes.hexDigit(buffer.getByte(i + 1)) < 0
                        || HttpBytes.hexDigit(buffer.getByte(i + 2)) < 0) {
                    return -1;
                }
                i += 3;
            } else {
                return -1;
            }
        }
        return i;
    }

    /** The colon, and digits up to the end, or none. */
    private static boolean isPort(final UnsafeBuffer buffer, final int colon, final int to) {
        if (buffer.getByte(colon) != ':') {
            return false;
        }
        int port = 0;
        int i = colon + 1;
        while (i < to && port <= MAX_PORT) {
            final int digit = buffer.getByte(i) - '0';
            if (digit < 0 || digit > 9) {
                return false;
            }
            port = port * 10 + digit;
            i++;
        }
        return port <= MAX_PORT;
    }
}
