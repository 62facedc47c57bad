package io.millrace.server.config;

import java.time.Duration;
import java.util.regex.Pattern;

/** A span of time, or {@code 0} for none, with a unit or without. */
record OptionalDurationFormat(DurationFormat span) implements Format<Duration> {
    private static final Pattern NONE = Pattern.compile("0+\\s*(ms|s|m|h|d)?");

    @Override
    public Duration parse(final String text) {
        return NONE.matcher(text).matches() ? Duration.ZERO : parseSpan(text);
    }

    private Duration parseSpan(final String text) {
        try {
            return span.parse(text);
        } catch (final IllegalArgumentException e) {
            throw new IllegalArgumentException(e.getMessage() + ", or 0 to switch it off", e);
        }
    }

    @Override
    public String label() {
        return span.label();
    }

    @Override
    public String bounds() {
        return span.bounds() + ", or 0 to switch it off";
    }
}
