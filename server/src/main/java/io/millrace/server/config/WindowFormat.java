package io.millrace.server.config;

import java.time.Duration;

/** The size of a window: a span of time, as {@link DurationFormat} reads it, that divides a day. */
record WindowFormat(DurationFormat span) implements Format<Duration> {
    @Override
    public Duration parse(final String text) {
        final Duration window = span.parse(text);
        if (Duration.ofDays(1).toMillis() % window.toMillis() != 0) {
            throw new IllegalArgumentException(
                    "must divide a day, so that windows begin at midnight, such as 10s, 1m or 1h");
        }
        return window;
    }

    @Override
    public String label() {
        return span.label();
    }

    @Override
    public String bounds() {
        return span.bounds() + ", a divisor of a day";
    }
}
