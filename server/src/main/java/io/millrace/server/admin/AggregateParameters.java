package io.millrace.server.admin;

import io.millrace.storage.postgres.AggregateCursor;
import io.millrace.storage.postgres.AggregateFilter;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.Set;

/** The parameters of {@code GET /api/aggregates}: all are optional, and an empty one counts as not given. Stateless. */
final class AggregateParameters {
    static final int DEFAULT_LIMIT = 100;
    static final int MAX_LIMIT = 1_000;

    private static final Duration DEFAULT_RANGE = Duration.ofHours(1);
    private static final Instant MIN_TIME = Instant.EPOCH;
    private static final Instant MAX_TIME = Instant.parse("9999-12-31T23:59:59.999Z");
    private static final Set<String> NAMES = Set.of("from", "to", "action", "element", "limit", "after");

    private AggregateParameters() {}

    /**
     * Reads the parameters.
     *
     * @throws AdminException if one is not what it should be
     */
    static AggregateFilter read(final Query query, final Clock clock) throws AdminException {
        query.allowOnly(NAMES);
        final Optional<Instant> givenTo = time(query, "to");
        final Instant to = givenTo.orElseGet(clock::instant);
        final Instant from = time(query, "from").orElse(earlier(to));
        if (from.isAfter(to)) {
            throw AdminException.badRequest(
                    "invalid_from",
                    "from is " + from + ", which is after "
                            + (givenTo.isPresent() ? "to, " + to : "now; give to as well"));
        }
        return new AggregateFilter(
                from,
                to,
                query.get("action").orElse(null),
                query.get("element").orElse(null),
                after(query),
                limit(query));
    }

    private static Instant earlier(final Instant to) {
        final Instant from = to.minus(DEFAULT_RANGE);
        return from.isBefore(MIN_TIME) ? MIN_TIME : from;
    }

    private static Optional<Instant> time(final Query query, final String name) throws AdminException {
        final Optional<String> text = query.get(name);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        final Optional<Instant> time = parseTime(text.get());
        if (time.isEmpty() || time.get().isBefore(MIN_TIME) || time.get().isAfter(MAX_TIME)) {
            throw AdminException.badRequest(
                    "invalid_" + name,
                    name + " must be ISO-8601 with an offset, as 2026-01-01T00:00:00Z, or epoch milliseconds, from "
                            + MIN_TIME + " to " + MAX_TIME);
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

    private static int limit(final Query query) throws AdminException {
        final Optional<String> text = query.get("limit");
        if (text.isEmpty()) {
            return DEFAULT_LIMIT;
        }
        if (!text.get().matches("[1-9][0-9]{0,3}") || Integer.parseInt(text.get()) > MAX_LIMIT) {
            throw AdminException.badRequest("invalid_limit", "limit must be a whole number from 1 to " + MAX_LIMIT);
        }
        return Integer.parseInt(text.get());
    }

    private static AggregateCursor after(final Query query) throws AdminException {
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
        throw AdminException.badRequest("invalid_after", "after must be the next of an earlier page, as it was given");
    }
}
