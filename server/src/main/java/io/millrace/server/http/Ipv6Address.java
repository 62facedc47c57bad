package io.millrace.server.http;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * The syntax of an IPv6 address as it stands between brackets: eight groups of up to four hexadecimal digits, of which
 * {@code ::} stands for one or more once, and the last two may be written as an IPv4 address. There are no zones in URIs.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc3986#section-3.2.2">RFC 3986, 3.2.2</a>
 */
final class Ipv6Address {
    private static final int GROUPS = 8;
    private static final int MAX_GROUP_LENGTH = 4;
    private static final int OCTETS = 4;
    private static final int MAX_OCTET = 255;

    private Ipv6Address() {}

    static boolean isValid(final UnsafeBuffer buffer, final int from, final int to) {
        int groups = 0;
        boolean shortened = startsShortened(buffer, from, to);
        int i = shortened ? from + 2 : from;
        // Behind "::" the address may end; behind any other colon, and at the start, a group must come.
        boolean mayEnd = shortened;
        while (i < to) {
            final int end = groupEnd(buffer, i, to);
            if (end < to && buffer.getByte(end) == '.') {
                groups += 2;
                return isIpv4(buffer, i, to) && complete(groups, shortened);
            }
            if (end == i || end - i > MAX_GROUP_LENGTH || (end < to && buffer.getByte(end) != ':')) {
                return false;
            }
            groups++;
            mayEnd = end == to;
            i = end + 1;
            if (i < to && buffer.getByte(i) == ':') {
                if (shortened) {
                    return false;
                }
                shortened = true;
                mayEnd = true;
                i++;
            }
        }
        return mayEnd && complete(groups, shortened);
    }

    private static boolean startsShortened(final UnsafeBuffer buffer, final int from, final int to) {
        return to - from >= 2 && buffer.getByte(from) == ':' && buffer.getByte(from + 1) == ':';
    }

    private static boolean complete(final int groups, final boolean shortened) {
        return shortened ? groups < GROUPS : groups == GROUPS;
    }

    private static int groupEnd(final UnsafeBuffer buffer, final int from, final int to) {
        int i = from;
        while (i < to && HttpBytes.hexDigit(buffer.getByte(i)) >= 0) {
            i++;
        }
        return i;
    }

    /** Four numbers up to 255, without leading zeros. */
    private static boolean isIpv4(final UnsafeBuffer buffer, final int from, final int to) {
        int octets = 1;
        int octet = 0;
        int digits = 0;
        for (int i = from; i < to; i++) {
            final byte b = buffer.getByte(i);
            if (b == '.' && digits > 0) {
                octets++;
                octet = 0;
                digits = 0;
            } else if (HttpBytes.isDigit(b) && (digits == 0 || octet > 0)) {
                octet = octet * 10 + b - '0';
                digits++;
            } else {
                return false;
            }
            if (octet > MAX_OCTET || octets > OCTETS) {
                return false;
            }
        }
        return octets == OCTETS && digits > 0;
    }
}
