package io.millrace.server.config;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A number of bytes: {@code 4096}, {@code 8KiB}, {@code 64MiB}, {@code 1GiB}. */
record SizeFormat(long minBytes, long maxBytes, boolean powerOfTwo) implements Format<Long> {
    private static final Pattern SYNTAX =
            Pattern.compile("([0-9]{1,15})\\s*(B|KiB|MiB|GiB|)", Pattern.CASE_INSENSITIVE);
    private static final int KIB_SHIFT = 10;
    private static final int MIB_SHIFT = 20;
    private static final int GIB_SHIFT = 30;

    @Override
    public Long parse(final String text) {
        final Matcher matcher = SYNTAX.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a size; write it as 4096, 8KiB, 64MiB or 1GiB");
        }
        final int shift = switch (matcher.group(2).toLowerCase(Locale.ROOT)) {
            case "kib" -> KIB_SHIFT;
            case "mib" -> MIB_SHIFT;
            case "gib" -> GIB_SHIFT;
            default -> 0;
        };
        final long units = Long.parseLong(matcher.group(1));
        final long bytes = units > maxBytes ? units : units << shift;
        if (bytes < minBytes || bytes > maxBytes || (powerOfTwo && Long.bitCount(bytes) != 1)) {
            throw new IllegalArgumentException("must be " + bounds());
        }
        return bytes;
    }

    @Override
    public String label() {
        return "SIZE";
    }

    @Override
    public String bounds() {
        return (powerOfTwo ? "a power of two, " : "") + show(minBytes) + " to " + show(maxBytes);
    }

    /** A number of bytes as one would write it. */
    static String show(final long bytes) {
        if (bytes != 0 && bytes % (1L << GIB_SHIFT) == 0) {
            return (bytes >> GIB_SHIFT) + "GiB";
        }
        if (bytes != 0 && bytes % (1L << MIB_SHIFT) == 0) {
            return (bytes >> MIB_SHIFT) + "MiB";
        }
        return bytes != 0 && bytes % (1L << KIB_SHIFT) == 0 ? (bytes >> KIB_SHIFT) + "KiB" : bytes + "B";
    }
}
