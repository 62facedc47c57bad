package io.millrace.server.admin.http;

import io.millrace.pipeline.window.StoreException;
import io.millrace.storage.postgres.query.QueryTimeoutException;

/** Something that can be got from the admin port. Thread-safe. */
@FunctionalInterface
public interface AdminResource {
    /**
     * Answers a GET.
     *
     * @throws AdminException if the request is at fault
     * @throws StoreException if PostgreSQL is
     * @throws QueryTimeoutException if it asks for too much
     */
    AdminReply get(Query query) throws AdminException, StoreException, QueryTimeoutException;

    /** Who may get it. */
    default Access access() {
        return Access.TOKEN;
    }

    /** Where it is got. */
    default Execution execution() {
        return Execution.QUERY_THREAD;
    }

    /** Who may get a resource. */
    enum Access {
        /** Everybody who reaches the port: it tells nothing that is not public. */
        OPEN,
        /** Who has the token, if there is one. */
        TOKEN
    }

    /** Where a resource is got. */
    enum Execution {
        /** On the event loop: it never blocks, and is there when all query threads wait for PostgreSQL. */
        EVENT_LOOP,
        /** On a query thread, where it may block. */
        QUERY_THREAD
    }
}
