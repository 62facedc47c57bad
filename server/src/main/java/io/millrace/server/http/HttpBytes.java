package io.millrace.server.http;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Which bytes may stand where in a request. {@link HeadScanner} knows the same of whole words, for the forms that are common.
 *
 * @see <a href="https://graphics.stanford.edu/~seander/bithacks.html#HasLessInWord">a byte less than n in a word</a>
 */
final class HttpBytes {
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;
    private static final boolean[] TOKEN = new boolean[256];

    static {
        // RFC 9110, 5.6.2: tchar
        for (int b = '0'; b <= '9'; b++) {
            TOKEN[b] = true;
        }
        for (int b = 'a'; b <= 'z'; b++) {
            TOKEN[b] = true;
            TOKEN[b - 0x20] = true;
        }
        for (final char b : "!#$%&'*+-.^_`|~".toCharArray()) {
            TOKEN[b] = true;
        }
    }

    private HttpBytes() {}

    static boolean isToken(final byte b) {
        return TOKEN[b & 0xFF];
    }

    /** VCHAR but the number sign: a target has no fragment (RFC 9112, 3.2). Browsers send what RFC 3986 would escape. */
    static boolean isTarget(final byte b) {
        return b > ' ' && b < 0x7F && b != '#';
    }

    /** RFC 9110, 5.5: field-vchar, SP, HTAB, obs-text. */
    static boolean isText(final byte b) {
        return b < 0 || (b >= ' ' && b != 0x7F) || b == '\t';
    }

    /** A letter, a digit, a hyphen or a dot: of what the names and addresses of hosts consist, nearly all of them. */
    static boolean isHostName(final byte b) {
        final int lower = b | 0x20;
        return (lower >= 'a' && lower <= 'z') || (b >= '-' && b <= '9' && b != '/');
    }

    static boolean isDigit(final byte b) {
        return b >= '0' && b <= '9';
    }

    /** The value of a hexadecimal digit, or -1. */
    static int hexDigit(final byte b) {
        if (isDigit(b)) {
            return b - '0';
        }
        final int lower = b | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }

    /** The first index from {@code from} on whose byte is none of a token; {@code end} if none is. */
    static int skipToken(final UnsafeBuffer buffer, final int from, final int end) {
        int i = from;
        while (i < end && isToken(buffer.getByte(i))) {
            i++;
        }
        return i;
    }

    /** The first index from {@code from} on whose byte cannot stand in a field's value; {@code end} if none is. */
    static int skipText(final UnsafeBuffer buffer, final int from, final int end) {
        int i = from;
        while (i <= end - Long.BYTES) {
            final long word = buffer.getLong(i, LITTLE_ENDIAN);
            final long delete = word ^ (ONES * 0x7F);
            final long marks = (((word - ONES * 0x20) & ~word) | ((delete - ONES) & ~delete)) & HIGHS;
            if (marks == 0) {
                i += Long.BYTES;
                continue;
            }
            i += Long.numberOfTrailingZeros(marks) >>> 3;
            if (buffer.getByte(i) != '\t') {
                return i;
            }
            i++;
        }
        while (i < end && isText(buffer.getByte(i))) {
            i++;
        }
        return i;
    }

    /** Whether the bytes are exactly those of {@code expected}. */
    static boolean equals(final DirectBuffer buffer, final int offset, final int length, final byte[] expected) {
        if (length != expected.length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (buffer.getByte(offset + i) != expected[i]) {
                return false;
            }
        }
        return true;
    }
}
