package io.millrace.server.admin.api;

import io.millrace.pipeline.window.StoreException;
import io.millrace.server.admin.http.AdminException;
import io.millrace.server.admin.http.AdminReply;
import io.millrace.server.admin.http.AdminResource;
import io.millrace.server.admin.http.Query;
import io.millrace.server.admin.http.ReplyFormat;
import io.millrace.storage.postgres.query.EventQueries;
import io.millrace.storage.postgres.query.QueryTimeoutException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.HashSet;
import java.util.Set;

/** What the resources of {@code /api} have in common: strict parameters, two forms of reply, links between pages. */
abstract class ApiResource implements AdminResource {
    private final ApiContext context;
    private final Set<String> names;

    /**
     * Makes a resource.
     *
     * @param names the parameters that it takes, besides the form of the reply
     */
    ApiResource(final ApiContext context, final Set<String> names) {
        this.context = context;
        final Set<String> all = new HashSet<>(names);
        all.add(ReplyFormat.PARAMETER);
        this.names = Set.copyOf(all);
    }

    @Override
    public final AdminReply answer(final Query query) throws AdminException, StoreException, QueryTimeoutException {
        query.allowOnly(names);
        final ReplyFormat format = ReplyFormat.of(query);
        final Answer answer = answer(query, new Parameters(query, context.clock(), context.window()));
        final AdminReply reply = switch (format) {
            case JSON -> AdminReply.json(answer.json());
            case CSV -> AdminReply.csv(answer.csv());
        };
        final AdminReply varying = reply.with(HttpHeaderNames.VARY.toString(), HttpHeaderNames.ACCEPT.toString());
        // RFC 8288; a table has no other place for it.
        return answer.next() == null
                ? varying
                : varying.with("link", '<' + query.with("after", answer.next()) + ">; rel=\"next\"");
    }

    /** Reads what is asked for. */
    abstract Answer answer(Query query, Parameters parameters)
            throws AdminException, StoreException, QueryTimeoutException;

    /** To be asked when the parameters have been found right. */
    final EventQueries queries() throws AdminException {
        if (context.queries() == null) {
            throw new AdminException(AdminReply.error(
                    HttpResponseStatus.NOT_FOUND,
                    "no_store",
                    "this server has no PostgreSQL; ask one that runs with --role aggregate or all"));
        }
        return context.queries();
    }
}
