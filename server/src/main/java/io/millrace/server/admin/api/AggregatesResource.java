package io.millrace.server.admin.api;

import io.millrace.pipeline.window.StoreException;
import io.millrace.server.admin.http.AdminException;
import io.millrace.server.admin.http.Csv;
import io.millrace.server.admin.http.Json;
import io.millrace.server.admin.http.Query;
import io.millrace.storage.postgres.query.AggregateFilter;
import io.millrace.storage.postgres.query.AggregateRow;
import io.millrace.storage.postgres.query.EventFilter;
import io.millrace.storage.postgres.query.QueryTimeoutException;
import java.util.Set;

/** {@code GET /api/aggregates}: windows, a page at a time. */
final class AggregatesResource extends ApiResource {
    private final String window;

    AggregatesResource(final ApiContext context) {
        super(context, Set.of("from", "to", "action", "element", "limit", "after"));
        window = Steps.text(context.window());
    }

    @Override
    Answer answer(final Query query, final Parameters parameters)
            throws AdminException, StoreException, QueryTimeoutException {
        final AggregateFilter filter = filter(parameters);
        final Page<AggregateRow> page =
                Page.of(queries().aggregates(filter), filter.limit() - 1, row -> CursorCodec.encode(row.cursor()));
        return new Answer() {
            @Override
            public Json json() {
                final Json json = new Json().beginObject().name("window").value(window);
                return page.write(json, AggregatesResource::write).endObject();
            }

            @Override
            public Csv csv() {
                final Csv csv = new Csv("windowStart", "action", "element", "count", "users");
                page.rows()
                        .forEach(row ->
                                csv.row(row.windowStart(), row.action(), row.element(), row.count(), row.users()));
                return csv;
            }

            @Override
            public String next() {
                return page.next();
            }
        };
    }

    /** With a limit of one row more than asked for: it tells whether there is another page. */
    static AggregateFilter filter(final Parameters parameters) throws AdminException {
        final EventFilter filter = parameters.filter(null);
        return new AggregateFilter(
                filter.from(),
                filter.to(),
                filter.action(),
                filter.element(),
                parameters.after(),
                parameters.limit(Parameters.DEFAULT_LIMIT, Parameters.MAX_LIMIT) + 1);
    }

    private static void write(final Json json, final AggregateRow row) {
        json.name("windowStart").value(row.windowStart().toString());
        json.name("action").value(row.action());
        json.name("element").value(row.element());
        json.name("count").value(row.count());
        json.name("users").value(row.users());
    }
}
