package io.millrace.storage.postgres;

import java.util.List;

/**
 * What PostgreSQL holds, as of one snapshot. The books balance if over all streams the sum of {@code lastEvent - lost}
 * equals {@code counted + expired + duplicates + poisoned}.
 *
 * @param counted events in the windows that are there
 * @param expired events in windows that retention has dropped
 * @param streams every stream there ever was, by name
 */
public record StoredTotals(long counted, long expired, List<StreamTotals> streams) {
    public StoredTotals {
        streams = List.copyOf(streams);
    }
}
