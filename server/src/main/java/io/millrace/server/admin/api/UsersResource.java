package io.millrace.server.admin.api;

import io.millrace.pipeline.window.StoreException;
import io.millrace.server.admin.http.AdminException;
import io.millrace.server.admin.http.Csv;
import io.millrace.server.admin.http.Json;
import io.millrace.server.admin.http.Query;
import io.millrace.storage.postgres.query.EventFilter;
import io.millrace.storage.postgres.query.QueryTimeoutException;
import io.millrace.storage.postgres.query.UserTotal;
import java.util.Set;

/** {@code GET /api/users}: who was in a group, or in a range of them, a page at a time. */
final class UsersResource extends ApiResource {
    UsersResource(final ApiContext context) {
        super(context, Set.of("from", "to", "action", "element", "limit", "after"));
    }

    @Override
    Answer answer(final Query query, final Parameters parameters)
            throws AdminException, StoreException, QueryTimeoutException {
        final EventFilter filter = parameters.filter(Parameters.MAX_USER_RANGE);
        final int limit = parameters.limit(Parameters.DEFAULT_LIMIT, Parameters.MAX_LIMIT);
        final Page<UserTotal> page =
                Page.of(queries().users(filter, parameters.text("after"), limit + 1), limit, UserTotal::user);
        return new Answer() {
            @Override
            public Json json() {
                final Json json = new Json().beginObject();
                json.name("from").value(filter.from().toString());
                json.name("to").value(filter.to().toString());
                return page.write(json, UsersResource::write).endObject();
            }

            @Override
            public Csv csv() {
                final Csv csv = new Csv("user", "count");
                page.rows().forEach(row -> csv.row(row.user(), row.count()));
                return csv;
            }

            @Override
            public String next() {
                return page.next();
            }
        };
    }

    private static void write(final Json json, final UserTotal row) {
        json.name("user").value(row.user());
        json.name("count").value(row.count());
    }
}
