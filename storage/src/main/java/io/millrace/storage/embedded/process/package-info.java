/**
 * Child processes of the server: one way to start, watch, restart and stop them, and to end what a killed server left.
 *
 * <p>Knows nothing of Redis or PostgreSQL. Owning threads: one for each child, which forks it, waits for its end and
 * starts its successor. Nothing here is on the way of an event.
 */
package io.millrace.storage.embedded.process;
