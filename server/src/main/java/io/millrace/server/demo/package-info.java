/**
 * Simulated traffic, so that somebody who has just started a server sees it move ({@code --demo}).
 *
 * <p>Stage before: none. Stage after: the ingest port, over HTTP like anybody else's. Owning thread: one of its own.
 * Allocation: a body several times a second.
 */
package io.millrace.server.demo;
