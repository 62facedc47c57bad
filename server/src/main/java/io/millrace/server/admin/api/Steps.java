package io.millrace.server.admin.api;

import io.millrace.server.admin.http.AdminException;
import io.millrace.storage.postgres.query.EventFilter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Steps of time: {@code 10s}, {@code 5m}, {@code 1h}, {@code 1d}. They are counted from 1970-01-01T00:00:00Z. Stateless. */
final class Steps {
    /** The most steps of an answer. */
    static final int MAX_STEPS = 1_500;

    /** About as many as a chart can show. */
    private static final int SUITABLE_STEPS = 300;

    private static final Pattern SYNTAX = Pattern.compile("([1-9][0-9]{0,8})(ms|s|m|h|d)");
    private static final List<Duration> ROUND = List.of(
            Duration.ofSeconds(1),
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofMinutes(1),
            Duration.ofMinutes(5),
            Duration.ofMinutes(15),
            Duration.ofHours(1),
            Duration.ofHours(6),
            Duration.ofDays(1));

    private Steps() {}

    /** A step that people count in, and that divides the range into not too many. */
    static Duration suitable(final Duration range, final Duration window) {
        for (final Duration step : ROUND) {
            if (isMultiple(step, window) && range.dividedBy(step) <= SUITABLE_STEPS) {
                return step;
            }
        }
        // A window divides a day.
        return Duration.ofDays(range.toDays() / SUITABLE_STEPS + 1);
    }

    /**
     * Reads a step.
     *
     * @throws AdminException if it is none, no multiple of the window, or the range has too many of it
     */
    static Duration parse(final String text, final Duration range, final Duration window) throws AdminException {
        final Matcher matcher = SYNTAX.matcher(text);
        if (!matcher.matches()) {
            throw AdminException.badParameter("step", text, "must be a time with its unit, as 10s, 5m, 1h or 1d");
        }
        final long amount = Long.parseLong(matcher.group(1));
        final Duration step = switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
        if (!isMultiple(step, window) || step.compareTo(Parameters.MAX_RANGE) > 0) {
            throw AdminException.badParameter(
                    "step",
                    text,
                    "must be a multiple of the window, " + text(window) + ", and at most "
                            + text(Parameters.MAX_RANGE));
        }
        if (range.dividedBy(step) > MAX_STEPS) {
            throw AdminException.badParameter(
                    "step",
                    text,
                    "the range has " + range.dividedBy(step) + " of it, and " + MAX_STEPS
                            + " are the most: give a larger step, as " + text(suitable(range, window))
                            + ", or a shorter range");
        }
        return step;
    }

    private static boolean isMultiple(final Duration step, final Duration window) {
        return step.toMillis() % window.toMillis() == 0;
    }

    /** The whole steps that the range touches. */
    static EventFilter align(final EventFilter filter, final Duration step) {
        final long stepMillis = step.toMillis();
        final long from = Math.floorDiv(filter.from().toEpochMilli(), stepMillis) * stepMillis;
        // Rounded up to the millisecond first: a range may end within one.
        final long end = filter.to().plusNanos(999_999).toEpochMilli();
        final long to = -Math.floorDiv(-end, stepMillis) * stepMillis;
        return new EventFilter(Instant.ofEpochMilli(from), Instant.ofEpochMilli(to), filter.action(), filter.element());
    }

    /** A duration in its largest whole unit. */
    static String text(final Duration duration) {
        final long millis = duration.toMillis();
        if (millis % 1_000 != 0) {
            return millis + "ms";
        }
        if (millis % 60_000 != 0) {
            return millis / 1_000 + "s";
        }
        if (millis % 3_600_000 != 0) {
            return millis / 60_000 + "m";
        }
        return millis % 86_400_000 != 0 ? millis / 3_600_000 + "h" : millis / 86_400_000 + "d";
    }
}
