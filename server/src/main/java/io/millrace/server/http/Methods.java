package io.millrace.server.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.agrona.concurrent.UnsafeBuffer;

/** Finds a method by its bytes. Methods are case-sensitive (RFC 9110, 9.1). */
final class Methods {
    private static final Method[] METHODS = Method.values();
    private static final byte[][] NAMES = new byte[METHODS.length][];

    static {
        for (final Method method : METHODS) {
            NAMES[method.ordinal()] =
                    method == Method.OTHER ? new byte[0] : method.name().getBytes(US_ASCII);
        }
    }

    private Methods() {}

    static Method of(final UnsafeBuffer buffer, final int offset, final int length) {
        for (int i = 0; i < NAMES.length; i++) {
            if (HttpBytes.equals(buffer, offset, length, NAMES[i])) {
                return METHODS[i];
            }
        }
        return Method.OTHER;
    }
}
