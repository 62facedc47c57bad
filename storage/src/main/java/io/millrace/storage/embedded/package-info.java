/**
 * Servers that run as children of this process, for those who bring none of their own.
 *
 * <p>Stage before: the start of the server, which asks for them. Stage after: the adapters of the sibling packages, which see
 * an address and a password only. Owning thread: the one that starts and stops the server; each child has a thread that waits
 * for its end. Allocation: free, nothing here is on the data path.
 */
package io.millrace.storage.embedded;
