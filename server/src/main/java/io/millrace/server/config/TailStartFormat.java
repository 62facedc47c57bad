package io.millrace.server.config;

import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.regex.Pattern;

/** {@code now}, {@code start}, or a time: epoch milliseconds, or ISO-8601 with its offset. */
record TailStartFormat() implements Format<TailStart> {
    private static final Pattern MILLIS = Pattern.compile("[0-9]{1,15}");

    @Override
    public TailStart parse(final String text) {
        return switch (text) {
            case "now" -> TailStart.NOW;
            case "start" -> TailStart.OLDEST;
            default -> TailStart.at(millis(text));
        };
    }

    private long millis(final String text) {
        if (MILLIS.matcher(text).matches()) {
            return Long.parseLong(text);
        }
        try {
            return OffsetDateTime.parse(text).toInstant().toEpochMilli();
        } catch (final DateTimeException | ArithmeticException e) {
            throw new IllegalArgumentException("must be " + bounds(), e);
        }
    }

    @Override
    public String label() {
        return "WHEN";
    }

    @Override
    public String bounds() {
        return "now, start (the oldest that Redis holds), or a time as 2026-01-01T00:00:00Z or in epoch milliseconds";
    }
}
