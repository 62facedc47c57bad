package io.millrace.server.admin.api;

import io.millrace.pipeline.window.StoreException;
import io.millrace.server.admin.http.AdminException;
import io.millrace.server.admin.http.Csv;
import io.millrace.server.admin.http.Json;
import io.millrace.server.admin.http.Query;
import io.millrace.storage.postgres.query.Dimension;
import io.millrace.storage.postgres.query.EventFilter;
import io.millrace.storage.postgres.query.QueryTimeoutException;
import io.millrace.storage.postgres.query.Top;
import io.millrace.storage.postgres.query.TopRow;
import java.time.Duration;
import java.util.Set;

/** {@code GET /api/top}: the most frequent elements or actions, and how they did in as long a time before. */
final class TopResource extends ApiResource {
    private static final int DEFAULT_ROWS = 10;
    private static final int MAX_ROWS = 100;

    TopResource(final ApiContext context) {
        super(context, Set.of("by", "from", "to", "action", "element", "limit"));
    }

    @Override
    Answer answer(final Query query, final Parameters parameters)
            throws AdminException, StoreException, QueryTimeoutException {
        final Dimension by = parameters.dimension("by").orElse(Dimension.ELEMENT);
        final EventFilter filter = parameters.filter(Parameters.MAX_RANGE);
        final Top top = queries().top(filter, by, parameters.limit(DEFAULT_ROWS, MAX_ROWS));
        return new Answer() {
            @Override
            public Json json() {
                return TopResource.json(filter, by, top);
            }

            @Override
            public Csv csv() {
                final Csv csv = new Csv(Parameters.nameOf(by), "count", "previous", "change");
                top.rows().forEach(row -> csv.row(row.name(), row.count(), row.previous(), shown(change(row))));
                return csv;
            }
        };
    }

    private static Json json(final EventFilter filter, final Dimension by, final Top top) {
        final Duration range = Duration.between(filter.from(), filter.to());
        final Json json = new Json().beginObject();
        json.name("by").value(Parameters.nameOf(by));
        json.name("from").value(filter.from().toString());
        json.name("to").value(filter.to().toString());
        json.name("previousFrom").value(filter.from().minus(range).toString());
        json.name("total").value(top.total());
        json.name("previousTotal").value(top.previousTotal());
        json.name("rows").beginArray();
        for (final TopRow row : top.rows()) {
            json.beginObject();
            json.name("name").value(row.name());
            json.name("count").value(row.count());
            json.name("previous").value(row.previous());
            json.name("change").value(change(row));
            json.endObject();
        }
        return json.endArray().endObject();
    }

    /** By which part of the count before it has grown; not a number where there was none before. */
    private static double change(final TopRow row) {
        return row.previous() == 0 ? Double.NaN : (row.count() - row.previous()) / (double) row.previous();
    }

    /** A number, for a table; null where there is none. */
    private static Double shown(final double change) {
        return Double.isNaN(change) ? null : Double.valueOf(Math.round(change * 1e3) / 1e3);
    }
}
