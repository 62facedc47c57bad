/**
 * A redis-server as a child of the server, with its data under {@code <data-dir>/redis}.
 *
 * <p>Owning threads: see {@link io.millrace.storage.embedded.process}. Nothing here is on the way of an event.
 */
package io.millrace.storage.embedded.redis;
