package io.millrace.server.decode;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * Values of a query string as browsers write them ({@code application/x-www-form-urlencoded}, WHATWG URL, section 5): a plus
 * sign is a space, {@code %XX} a byte. Unlike there, a percent sign without two hexadecimal digits is an error.
 * Thread-safe; allocates nothing.
 */
public final class PercentEncoding {
    /** Returned for a value with a bad escape, with U+0000, or that is not UTF-8. */
    public static final int INVALID = -1;

    private static final int ESCAPE_LENGTH = 3;

    private PercentEncoding() {}

    /** The length of the decoded value in bytes, or {@link #INVALID}. Never more than {@code end - start}. */
    public static int decodedLength(final UnsafeBuffer source, final int start, final int end) {
        int length = 0;
        int state = Utf8.BOUNDARY;
        for (int at = start; at < end; length++) {
            int value = source.getByte(at) & 0xFF;
            if (value == '%') {
                value = end - at >= ESCAPE_LENGTH
                        ? Ascii.hex2(source.getByte(at + 1), source.getByte(at + 2))
                        : INVALID;
                at += ESCAPE_LENGTH;
            } else {
                at++;
            }
            if (value <= 0) {
                return INVALID;
            }
            state = Utf8.step(state, value);
            if (state == Utf8.REJECT) {
                return INVALID;
            }
        }
        return state == Utf8.BOUNDARY ? length : INVALID;
    }

    /**
     * Writes a value for which {@link #decodedLength} gave a length.
     *
     * @return the index behind the last byte written
     */
    public static int decode(
            final UnsafeBuffer source, final int start, final int end, final UnsafeBuffer sink, final int sinkIndex) {
        int to = sinkIndex;
        for (int at = start; at < end; ) {
            final int value = source.getByte(at);
            if (value == '%') {
                sink.putByte(to++, (byte) Ascii.hex2(source.getByte(at + 1), source.getByte(at + 2)));
                at += ESCAPE_LENGTH;
            } else {
                sink.putByte(to++, value == '+' ? (byte) ' ' : (byte) value);
                at++;
            }
        }
        return to;
    }
}
