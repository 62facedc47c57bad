/**
 * TLS on the ingest port.
 *
 * <p>Stage before: the socket. Stage after: {@code http}, which sees plain bytes and does not know of it but where a connection
 * ends. Owning thread: the event loop; certificates are read by the main thread and the one that reloads. Allocation: free, as
 * the JDK's TLS does it; without TLS nothing here runs.
 */
package io.millrace.server.tls;
