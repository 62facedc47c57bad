/**
 * The page that people look at. What it shows comes from {@code /api} and {@code /ledger}; here are only its files, which
 * are the same for everybody.
 *
 * <p>Stage before: {@link io.millrace.server.admin.http}. Stage after: a browser. Owning thread: the admin port's event loop.
 * Allocation: each file is read once, at its first request.
 */
package io.millrace.server.admin.dashboard;
