package io.millrace.storage.postgres.query;

import java.util.List;

/**
 * The largest groups over time, and the rest.
 *
 * @param series the largest first; none if there was no event; one without a name if no groups were asked for
 * @param other what the groups beyond the limit have together; null if there are none
 */
public record TimeSeries(List<Series> series, Series other) {
    public TimeSeries {
        series = List.copyOf(series);
    }
}
