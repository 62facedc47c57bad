package io.millrace.server.config;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A span of time: {@code 100ms}, {@code 10s}, {@code 5m}, {@code 1h}, {@code 90d}. The unit is never left out. */
record DurationFormat(Duration min, Duration max) implements Format<Duration> {
    private static final Pattern SYNTAX = Pattern.compile("([0-9]{1,9})\\s*(ms|s|m|h|d)");

    @Override
    public Duration parse(final String text) {
        final Matcher matcher = SYNTAX.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a time; write it with its unit as 100ms, 10s, 5m, 1h or 90d");
        }
        final long amount = Long.parseLong(matcher.group(1));
        final Duration duration = switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
        if (duration.compareTo(min) < 0 || duration.compareTo(max) > 0) {
            throw new IllegalArgumentException("must be " + bounds());
        }
        return duration;
    }

    @Override
    public String label() {
        return "TIME";
    }

    @Override
    public String bounds() {
        return show(min) + " to " + show(max);
    }

    /** A span of time as one would write it. */
    static String show(final Duration duration) {
        final long millis = duration.toMillis();
        if (millis == 0) {
            return "0s";
        }
        if (millis % Duration.ofDays(1).toMillis() == 0) {
            return duration.toDays() + "d";
        }
        if (millis % Duration.ofHours(1).toMillis() == 0) {
            return duration.toHours() + "h";
        }
        if (millis % Duration.ofMinutes(1).toMillis() == 0) {
            return duration.toMinutes() + "m";
        }
        return millis % Duration.ofSeconds(1).toMillis() == 0 ? duration.toSeconds() + "s" : millis + "ms";
    }
}
