package io.millrace.server.ingest;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The user name in {@code Authorization: Basic}. Stateless.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7617#section-2">RFC 7617, 2: The 'Basic' Authentication Scheme</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc4648#section-4">RFC 4648, 4: Base 64</a>
 */
final class BasicCredentials {
    /** Returned if there are no Basic credentials, or none that can hold a write key. */
    static final int NONE = -1;

    private static final byte[] SCHEME = "basic".getBytes(US_ASCII);
    private static final int BITS_PER_DIGIT = 6;
    private static final byte[] DIGITS = new byte[128];

    static {
        Arrays.fill(DIGITS, (byte) NONE);
        final String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        for (int i = 0; i < alphabet.length(); i++) {
            DIGITS[alphabet.charAt(i)] = (byte) i;
        }
    }

    private BasicCredentials() {}

    /**
     * Decodes the user name, up to the first colon. The password means nothing here and is not looked at.
     *
     * @param to the index behind the field's value; before {@code from} if there is no field
     * @param sink where the name goes, from 0 on
     * @return the length of the name, at most {@link WriteKeys#MAX_KEY_BYTES}, or {@link #NONE}
     */
    static int user(final UnsafeBuffer buffer, final int from, final int to, final MutableDirectBuffer sink) {
        int at = skipScheme(buffer, from, to);
        int bits = 0;
        int count = 0;
        int length = 0;
        for (; at < to; at++) {
            final byte b = buffer.getByte(at);
            final int digit = b < 0 ? NONE : DIGITS[b];
            if (digit == NONE) {
                return NONE;
            }
            bits = bits << BITS_PER_DIGIT | digit;
            count += BITS_PER_DIGIT;
            if (count >= Byte.SIZE) {
                count -= Byte.SIZE;
                final byte decoded = (byte) (bits >>> count);
                if (decoded == ':') {
                    return length;
                }
                if (length == WriteKeys.MAX_KEY_BYTES) {
                    return NONE;
                }
                sink.putByte(length++, decoded);
            }
        }
        return NONE;
    }

    /** The index behind the scheme, in any case, and the spaces that follow; {@code to} if it is another one. */
    private static int skipScheme(final UnsafeBuffer buffer, final int from, final int to) {
        if (to - from <= SCHEME.length) {
            return to;
        }
        for (int i = 0; i < SCHEME.length; i++) {
            if ((buffer.getByte(from + i) | 0x20) != SCHEME[i]) {
                return to;
            }
        }
        int at = from + SCHEME.length;
        if (buffer.getByte(at) != ' ') {
            return to;
        }
        while (at < to && buffer.getByte(at) == ' ') {
            at++;
        }
        return at;
    }
}
