/**
 * A PostgreSQL as a child of the server: its programs unpacked from the class path, its data under {@code
 * <data-dir>/postgres}.
 *
 * <p>Owning threads: see {@link io.millrace.storage.embedded.process}. Nothing here is on the way of an event.
 */
package io.millrace.storage.embedded.postgres;
