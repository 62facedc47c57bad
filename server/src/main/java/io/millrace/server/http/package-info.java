/**
 * The ingest port's HTTP/1.1: limits, request parser, connection, canned replies.
 *
 * <p>Stage before: the socket, read by Netty. Stage after: an {@link io.millrace.server.http.Endpoint}, which gets each
 * complete request in place and writes its reply. Owning thread: the connection's event loop; nothing here is shared but
 * {@link io.millrace.server.http.BodyBudget} and what readers may see of the counters. Allocation: none per request;
 * objects and buffers per connection, per read, and for errors only.
 */
package io.millrace.server.http;
