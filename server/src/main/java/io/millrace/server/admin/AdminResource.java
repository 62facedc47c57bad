package io.millrace.server.admin;

import io.millrace.pipeline.window.StoreException;

/** Something that can be got from the admin port. Thread-safe. */
@FunctionalInterface
interface AdminResource {
    /**
     * Answers a GET. Runs on a query thread and may block.
     *
     * @throws AdminException if the request is at fault
     * @throws StoreException if PostgreSQL is
     */
    AdminReply get(Query query) throws AdminException, StoreException;
}
