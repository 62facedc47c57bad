package io.millrace.server.admin.api;

import io.millrace.server.admin.http.Json;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * A page of rows.
 *
 * @param next the cursor of the page after it; null if this is the last one
 */
record Page<T>(List<T> rows, String next) {
    Page {
        rows = List.copyOf(rows);
    }

    /**
     * Makes a page from up to one row more than it can show.
     *
     * @param cursor of a page that begins behind a row
     */
    static <T> Page<T> of(final List<T> rows, final int limit, final Function<T, String> cursor) {
        return rows.size() > limit
                ? new Page<>(rows.subList(0, limit), cursor.apply(rows.get(limit - 1)))
                : new Page<>(rows, null);
    }

    /** Writes the members {@code rows} and {@code next} of an object. */
    Json write(final Json json, final BiConsumer<Json, T> members) {
        json.name("rows").beginArray();
        for (final T row : rows) {
            json.beginObject();
            members.accept(json, row);
            json.endObject();
        }
        return json.endArray().name("next").value(next);
    }
}
