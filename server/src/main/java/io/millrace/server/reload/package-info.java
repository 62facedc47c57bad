/**
 * Files that are read again while the server runs: the certificate and its key, the write keys.
 *
 * <p>Stage before: the file system, and SIGHUP. Stage after: the ingest port. Owning thread: one of its own. Allocation: free.
 */
package io.millrace.server.reload;
