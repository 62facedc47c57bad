package io.millrace.server.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.agrona.concurrent.UnsafeBuffer;

/** Finds a method by its bytes. Methods are case-sensitive (RFC 9110, 9.1). */
final class Methods {
    private static final Method[] METHODS = Method.values();
    private static final byte[][] NAMES = new byte[METHODS.length][];

    // With the space behind them, the first byte lowest.
    private static final int GET = 0x20544547;
    private static final long POST = 0x2054534F50L;
    private static final long HEAD = 0x2044414548L;
    private static final long OPTIONS = 0x20534E4F4954504FL;
    private static final long FIVE_BYTES = 0xFFFFFFFFFFL;

    static {
        for (final Method method : METHODS) {
            NAMES[method.ordinal()] =
                    method == Method.OTHER ? new byte[0] : method.name().getBytes(US_ASCII);
        }
    }

    private Methods() {}

    /** The method if the eight bytes are those of one that is served here and a space; else null. */
    static Method common(final long word) {
        if ((int) word == GET) {
            return Method.GET;
        }
        if ((word & FIVE_BYTES) == POST) {
            return Method.POST;
        }
        if ((word & FIVE_BYTES) == HEAD) {
            return Method.HEAD;
        }
        return word == OPTIONS ? Method.OPTIONS : null;
    }

    static Method of(final UnsafeBuffer buffer, final int offset, final int length) {
        for (int i = 0; i < NAMES.length; i++) {
            if (HttpBytes.equals(buffer, offset, length, NAMES[i])) {
                return METHODS[i];
            }
        }
        return Method.OTHER;
    }
}
