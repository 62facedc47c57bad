package io.millrace.server.decode;

import java.util.SplittableRandom;

/** Random text of characters of all lengths in UTF-8; never empty, without U+0000 and without surrogates. */
final class Texts {
    private Texts() {}

    /** At most {@code maxBytes} bytes, at least 4. */
    static String random(final SplittableRandom random, final int maxBytes) {
        final StringBuilder text = new StringBuilder();
        int bytes = 0;
        final int target = 1 + random.nextInt(maxBytes);
        while (true) {
            final int codePoint = codePoint(random);
            bytes += Utf8.length(codePoint);
            if (bytes > Math.max(4, target)) {
                return text.toString();
            }
            text.appendCodePoint(codePoint);
            if (bytes >= target) {
                return text.toString();
            }
        }
    }

    static int codePoint(final SplittableRandom random) {
        return switch (random.nextInt(10)) {
            case 0 -> random.nextInt(0x80, 0x800);
            case 1 -> random.nextInt(0x800, 0xD800);
            case 2 -> random.nextInt(0xE000, 0x10000);
            case 3 -> random.nextInt(0x10000, 0x110000);
            case 4 -> random.nextInt(0x01, 0x20);
            default -> random.nextInt(0x20, 0x80);
        };
    }
}
