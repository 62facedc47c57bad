package io.millrace.server.admin.api;

import io.millrace.server.admin.http.AdminException;
import io.millrace.server.admin.http.Query;
import io.millrace.storage.postgres.query.AggregateCursor;
import io.millrace.storage.postgres.query.Dimension;
import io.millrace.storage.postgres.query.EventFilter;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The parameters of a request to {@code /api}. All are optional, and an empty one counts as not given. Immutable. */
final class Parameters {
    static final int DEFAULT_LIMIT = 100;
    static final int MAX_LIMIT = 1_000;

    /** The longest range where the time before is compared with it. */
    static final Duration MAX_RANGE = Duration.ofDays(366);

    /** The longest range where users are read. */
    static final Duration MAX_USER_RANGE = Duration.ofHours(24);

    private static final Duration DEFAULT_RANGE = Duration.ofHours(1);
    private static final Instant MIN_TIME = Instant.EPOCH;
    private static final Instant MAX_TIME = Instant.parse("9999-12-31T23:59:59.999Z");

    private final Query query;
    private final Clock clock;
    private final Duration window;

    Parameters(final Query query, final Clock clock, final Duration window) {
        this.query = query;
        this.clock = clock;
        this.window = window;
    }

    /**
     * Reads {@code from}, {@code to}, {@code action} and {@code element}. Without a range it is the last hour.
     *
     * @param longest null for any length
     * @throws AdminException if one of them is not what it should be
     */
    EventFilter filter(final Duration longest) throws AdminException {
        final Optional<Instant> givenTo = time("to");
        final Instant to = givenTo.orElseGet(clock::instant);
        final Instant from = time("from").orElse(earlier(to));
        if (from.isAfter(to)) {
            throw AdminException.badParameter(
                    "from",
                    from.toString(),
                    givenTo.isPresent()
                            ? "must not be after to, which is " + to
                            : "must not be after now, which is " + to + "; or give to as well");
        }
        if (longest != null && Duration.between(from, to).compareTo(longest) > 0) {
            throw AdminException.badParameter(
                    "from", from.toString(), "must be at most " + Steps.text(longest) + " before to, which is " + to);
        }
        return new EventFilter(from, to, text("action"), text("element"));
    }

    /** The step given, or the one that suits the range; see {@link Steps}. */
    Duration step(final EventFilter filter) throws AdminException {
        final Optional<String> text = query.get("step");
        final Duration range = Duration.between(filter.from(), filter.to());
        return text.isEmpty() ? Steps.suitable(range, window) : Steps.parse(text.get(), range, window);
    }

    boolean has(final String name) throws AdminException {
        return query.get(name).isPresent();
    }

    String text(final String name) throws AdminException {
        return query.get(name).orElse(null);
    }

    Optional<Dimension> dimension(final String name) throws AdminException {
        final Optional<String> text = query.get(name);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        final Optional<Dimension> dimension = Arrays.stream(Dimension.values())
                .filter(each -> nameOf(each).equals(text.get()))
                .findFirst();
        if (dimension.isEmpty()) {
            throw AdminException.badParameter(
                    name,
                    text.get(),
                    "must be "
                            + Arrays.stream(Dimension.values())
                                    .map(Parameters::nameOf)
                                    .collect(Collectors.joining(" or ")));
        }
        return dimension;
    }

    static String nameOf(final Dimension dimension) {
        return dimension.name().toLowerCase(Locale.ROOT);
    }

    int limit(final int fallback, final int max) throws AdminException {
        final Optional<String> text = query.get("limit");
        if (text.isEmpty()) {
            return fallback;
        }
        if (!text.get().matches("[1-9][0-9]{0,8}") || Integer.parseInt(text.get()) > max) {
            throw AdminException.badParameter("limit", text.get(), "must be a whole number from 1 to " + max);
        }
        return Integer.parseInt(text.get());
    }

    /** Where a page of windows begins; null for the first one. */
    AggregateCursor after() throws AdminException {
        final Optional<String> text = query.get("after");
        if (text.isEmpty()) {
            return null;
        }
        try {
            final AggregateCursor cursor = CursorCodec.decode(text.get());
            if (!cursor.windowStart().isBefore(MIN_TIME)
                    && !cursor.windowStart().isAfter(MAX_TIME)) {
                return cursor;
            }
        } catch (final IllegalArgumentException e) {
            // The remedy is the same whatever is wrong with it.
        }
        throw AdminException.badParameter("after", text.get(), "must be the next of an earlier page, as it was given");
    }

    private static Instant earlier(final Instant to) {
        final Instant from = to.minus(DEFAULT_RANGE);
        return from.isBefore(MIN_TIME) ? MIN_TIME : from;
    }

    private Optional<Instant> time(final String name) throws AdminException {
        final Optional<String> text = query.get(name);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        final Optional<Instant> time = parseTime(text.get());
        if (time.isEmpty() || time.get().isBefore(MIN_TIME) || time.get().isAfter(MAX_TIME)) {
            throw AdminException.badParameter(
                    name,
                    text.get(),
                    "must be ISO-8601 with an offset, as 2026-01-01T00:00:00Z, or epoch milliseconds, from " + MIN_TIME
                            + " to " + MAX_TIME);
        }
        return time;
    }

    private static Optional<Instant> parseTime(final String text) {
        try {
            if (text.chars().allMatch(c -> c >= '0' && c <= '9')) {
                return Optional.of(Instant.ofEpochMilli(Long.parseLong(text)));
            }
            // A plus sign in a query string means a space; in an offset it was meant.
            return Optional.of(OffsetDateTime.parse(text.replace(' ', '+')).toInstant());
        } catch (final NumberFormatException | DateTimeException e) {
            return Optional.empty();
        }
    }
}
