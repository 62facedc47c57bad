/**
 * The folder of an embedded store: private to its user, held by one process, its files whole or not there at all.
 *
 * <p>Owning thread: the one that starts the store. Nothing here is on the way of an event.
 */
package io.millrace.storage.embedded.folder;
