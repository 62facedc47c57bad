/**
 * Redis and PostgreSQL as children of the server, for a start with nothing installed beside it and for tests.
 *
 * <p>Their data stays under the data folder over restarts; they listen on loopback only, behind a generated password, and
 * end with the server, also when it is killed. Owning threads: one for each child, which forks it and waits for its end.
 * Nothing here is on the way of an event.
 */
package io.millrace.storage.embedded;
