package io.millrace.server.decode;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * A parameter of a query string, of which the last counts if there are several. Its name is compared as it stands, its value
 * is not decoded.
 *
 * <p>Not thread-safe: one per event loop. Allocates nothing after construction.
 */
public final class QueryParameter {
    private final byte[] nameAndSign;
    private int start;
    private int end;

    /** A parameter of this name, in ASCII. */
    public QueryParameter(final String name) {
        nameAndSign = (name + '=').getBytes(US_ASCII);
    }

    /** Looks for it; true if it is there. */
    public boolean find(final UnsafeBuffer buffer, final int from, final int to) {
        boolean found = false;
        int at = from;
        while (at < to) {
            final int next = Swar.indexOf(buffer, at, to, '&');
            if (isNamed(buffer, at, next)) {
                found = true;
                start = at + nameAndSign.length;
                end = next;
            }
            at = next + 1;
        }
        return found;
    }

    /** The first byte of the value that was found last. */
    public int start() {
        return start;
    }

    /** The index behind it. */
    public int end() {
        return end;
    }

    private boolean isNamed(final UnsafeBuffer buffer, final int from, final int to) {
        if (to - from < nameAndSign.length) {
            return false;
        }
        for (int i = 0; i < nameAndSign.length; i++) {
            if (buffer.getByte(from + i) != nameAndSign[i]) {
                return false;
            }
        }
        return true;
    }
}
