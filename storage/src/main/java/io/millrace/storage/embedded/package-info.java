/**
 * Redis and PostgreSQL as children of the server, for a start with nothing installed beside it and for tests.
 *
 * <pre>
 *   redis/      EmbeddedRedis: the installed redis-server
 *   postgres/   EmbeddedPostgres: a PostgreSQL from the class path
 *   process/    children: fork, supervise, restart, stop, orphans
 *   folder/     their folders: private, locked, durable
 * </pre>
 *
 * <p>Their data stays under the data folder over restarts; they listen on loopback only, behind a generated password, come
 * back when they die alone, and end with the server, also when it is killed. Nothing here is on the way of an event.
 */
package io.millrace.storage.embedded;
