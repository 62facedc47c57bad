/**
 * What can be asked of the windows under {@code /api}: parameters, answers in JSON and CSV, and the file that describes them.
 *
 * <p>Stage before: {@link io.millrace.server.admin.http}. Stage after: {@link io.millrace.storage.postgres.query.EventQueries}; an
 * answer is made from one statement, and so from one snapshot, whatever is flushed meanwhile. Owning threads: the query
 * threads of the admin port. Allocation: freely.
 */
package io.millrace.server.admin.api;
