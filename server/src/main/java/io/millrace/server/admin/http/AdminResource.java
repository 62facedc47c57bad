package io.millrace.server.admin.http;

import io.millrace.pipeline.window.StoreException;
import io.millrace.storage.postgres.query.QueryTimeoutException;

/** Something that the admin port answers for. Thread-safe. */
@FunctionalInterface
public interface AdminResource {
    /**
     * Answers a request with the resource's method.
     *
     * @throws AdminException if the request is at fault, or cannot be answered now
     * @throws StoreException if PostgreSQL is
     * @throws QueryTimeoutException if it asks for too much
     */
    AdminReply answer(Query query) throws AdminException, StoreException, QueryTimeoutException;

    /** How it is asked. */
    default Method method() {
        return Method.GET;
    }

    /** Who may ask. */
    default Access access() {
        return Access.TOKEN;
    }

    /** Where it answers. */
    default Execution execution() {
        return Execution.QUERY_THREAD;
    }

    /** How a resource is asked. */
    enum Method {
        /** By GET, and so by HEAD: it only tells. */
        GET,
        /** By POST: it does something. */
        POST
    }

    /** Who may ask a resource. */
    enum Access {
        /** Everybody who reaches the port: it tells nothing that is not public. */
        OPEN,
        /** Who has the token, if there is one. */
        TOKEN,
        /** Who has the token; without one nobody, on loopback neither. */
        TOKEN_ALWAYS
    }

    /** Where a resource answers. */
    enum Execution {
        /** On the event loop: it never blocks, and is there when all query threads wait for PostgreSQL. */
        EVENT_LOOP,
        /** On a query thread, where it may block. */
        QUERY_THREAD,
        /** On a thread that may be taken for a minute, and is interrupted when the server stops. */
        LONG_THREAD
    }
}
