package io.millrace.storage.postgres.query;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a range of time where the roll-up by hour can stand in for windows: whole hours in the middle, windows at both ends.
 * A window belongs to the hour in which it begins, in the roll-up and here. Stateless.
 */
final class HourCover {
    private HourCover() {}

    /** The pieces of [from, to), in order; they do not overlap, and leave no gap. */
    static List<Piece> of(final Instant from, final Instant to) {
        final Instant floor = from.truncatedTo(ChronoUnit.HOURS);
        final Instant firstHour = floor.equals(from) ? floor : floor.plus(1, ChronoUnit.HOURS);
        final Instant lastHour = to.truncatedTo(ChronoUnit.HOURS);
        final List<Piece> pieces = new ArrayList<>();
        if (!firstHour.isBefore(lastHour)) {
            add(pieces, false, from, to);
            return pieces;
        }
        add(pieces, false, from, firstHour);
        add(pieces, true, firstHour, lastHour);
        add(pieces, false, lastHour, to);
        return pieces;
    }

    private static void add(final List<Piece> pieces, final boolean hourly, final Instant from, final Instant to) {
        if (from.isBefore(to)) {
            pieces.add(new Piece(hourly, from, to));
        }
    }

    /**
     * A piece of the range.
     *
     * @param hourly whether it is made of whole hours, to be read from the roll-up
     */
    record Piece(boolean hourly, Instant from, Instant to) {
        String table() {
            return hourly ? "hourly_totals" : "aggregated_events";
        }

        String timeColumn() {
            return hourly ? "hour" : "window_start";
        }
    }
}
