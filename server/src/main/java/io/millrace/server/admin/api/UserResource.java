package io.millrace.server.admin.api;

import io.millrace.pipeline.window.StoreException;
import io.millrace.server.admin.http.AdminException;
import io.millrace.server.admin.http.Csv;
import io.millrace.server.admin.http.Json;
import io.millrace.server.admin.http.Query;
import io.millrace.storage.postgres.query.AggregateCursor;
import io.millrace.storage.postgres.query.EventFilter;
import io.millrace.storage.postgres.query.QueryTimeoutException;
import io.millrace.storage.postgres.query.UserAction;
import java.util.Set;

/** {@code GET /api/user/{id}}: what one user did, a page at a time. */
final class UserResource extends ApiResource {
    /** The id is all that follows, slashes included. */
    static final String PREFIX = "/api/user/";

    UserResource(final ApiContext context) {
        super(context, Set.of("from", "to", "action", "element", "limit", "after"));
    }

    @Override
    Answer answer(final Query query, final Parameters parameters)
            throws AdminException, StoreException, QueryTimeoutException {
        final String user = query.path().substring(PREFIX.length());
        Query.checkText("user", user);
        final EventFilter filter = parameters.filter(Parameters.MAX_USER_RANGE);
        final AggregateCursor after = parameters.after();
        final int limit = parameters.limit(Parameters.DEFAULT_LIMIT, Parameters.MAX_LIMIT);
        final Page<UserAction> page = Page.of(
                queries().userActions(filter, user, after, limit + 1), limit, row -> CursorCodec.encode(row.cursor()));
        return new Answer() {
            @Override
            public Json json() {
                final Json json = new Json().beginObject().name("user").value(user);
                json.name("from").value(filter.from().toString());
                json.name("to").value(filter.to().toString());
                return page.write(json, UserResource::write).endObject();
            }

            @Override
            public Csv csv() {
                final Csv csv = new Csv("windowStart", "action", "element", "count");
                page.rows().forEach(row -> csv.row(row.windowStart(), row.action(), row.element(), row.count()));
                return csv;
            }

            @Override
            public String next() {
                return page.next();
            }
        };
    }

    private static void write(final Json json, final UserAction row) {
        json.name("windowStart").value(row.windowStart().toString());
        json.name("action").value(row.action());
        json.name("element").value(row.element());
        json.name("count").value(row.count());
    }
}
