package io.millrace.server.admin;

import io.millrace.pipeline.window.StoreException;
import io.millrace.storage.postgres.AggregateFilter;
import io.millrace.storage.postgres.AggregateRow;
import io.millrace.storage.postgres.EventQueries;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/** {@code GET /api/aggregates}: windows from PostgreSQL, a page at a time. */
final class AggregatesResource implements AdminResource {
    private final EventQueries queries;
    private final String window;
    private final Clock clock;

    /**
     * Makes the resource.
     *
     * @param queries null where the node has no PostgreSQL
     */
    AggregatesResource(final EventQueries queries, final Duration window, final Clock clock) {
        this.queries = queries;
        this.window = text(window);
        this.clock = clock;
    }

    @Override
    public AdminReply get(final Query query) throws AdminException, StoreException {
        final AggregateFilter filter = AggregateParameters.read(query, clock);
        if (queries == null) {
            throw new AdminException(AdminReply.error(
                    HttpResponseStatus.NOT_FOUND,
                    "no_store",
                    "this server has no PostgreSQL; ask one that runs with --role aggregate or all"));
        }
        // One row more than wanted tells whether there is another page.
        final List<AggregateRow> rows = queries.aggregates(new AggregateFilter(
                filter.from(), filter.to(), filter.action(), filter.element(), filter.after(), filter.limit() + 1));
        final boolean more = rows.size() > filter.limit();
        return AdminReply.json(write(more ? rows.subList(0, filter.limit()) : rows, more));
    }

    private Json write(final List<AggregateRow> rows, final boolean more) {
        final Json json = new Json().beginObject().name("window").value(window);
        json.name("rows").beginArray();
        for (final AggregateRow row : rows) {
            json.beginObject();
            json.name("windowStart").value(row.windowStart().toString());
            json.name("action").value(row.action());
            json.name("element").value(row.element());
            json.name("count").value(row.count());
            json.name("users").value(row.users());
            json.endObject();
        }
        json.endArray();
        json.name("next")
                .value(more ? CursorCodec.encode(rows.get(rows.size() - 1).cursor()) : null);
        return json.endObject();
    }

    /** A duration in its largest whole unit, as the option {@code --window} takes it. */
    static String text(final Duration duration) {
        final long millis = duration.toMillis();
        if (millis % 1_000 != 0) {
            return millis + "ms";
        }
        if (millis % 60_000 != 0) {
            return millis / 1_000 + "s";
        }
        return millis % 3_600_000 != 0 ? millis / 60_000 + "m" : millis / 3_600_000 + "h";
    }
}
