package io.millrace.storage.postgres.query;

import java.util.List;

/**
 * The most frequent actions or elements.
 *
 * @param total events in the range asked for, of all actions or elements
 * @param previousTotal likewise, in the range before
 * @param rows the most frequent first; those of the same count by name
 */
public record Top(long total, long previousTotal, List<TopRow> rows) {
    public Top {
        rows = List.copyOf(rows);
    }
}
