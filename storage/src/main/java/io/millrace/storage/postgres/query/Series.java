package io.millrace.storage.postgres.query;

import java.util.List;

/**
 * Events over time.
 *
 * @param name the action or element; null for all together, or for the rest
 * @param counts of each step, the first one first
 */
public record Series(String name, List<Long> counts) {
    public Series {
        counts = List.copyOf(counts);
    }

    /** Over all steps. */
    public long total() {
        return counts.stream().mapToLong(Long::longValue).sum();
    }
}
