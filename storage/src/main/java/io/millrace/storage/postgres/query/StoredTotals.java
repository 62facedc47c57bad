package io.millrace.storage.postgres.query;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;

/**
 * What PostgreSQL holds, as of one snapshot. The books balance if over all streams the sum of {@code lastEvent - lost}
 * equals {@code counted + expired + duplicates + poisoned}.
 *
 * @param counted events in the windows that are there
 * @param expired events in windows that retention has dropped
 * @param dayDifferences by how many events more the total of a day says than its windows hold, for each day on which they
 *     differ; empty unless all windows were added up
 * @param streams every stream there ever was, by name
 */
public record StoredTotals(
        long counted, long expired, Map<LocalDate, Long> dayDifferences, List<StreamTotals> streams) {
    public StoredTotals {
        dayDifferences = Map.copyOf(dayDifferences);
        streams = List.copyOf(streams);
    }
}
