/**
 * The ingest port: which bodies and queries are events, who may send them, whether they come compressed, what is answered and
 * when. Beside it the script that makes a page send beacons.
 *
 * <p>Stage before: the HTTP parser, which hands over a body or a query string in place. Stage after: the decoders, and through
 * them the journal. Owning thread: the event loop. Allocation: none after construction, but a pooled buffer for a body while it
 * is decompressed.
 */
package io.millrace.server.ingest;
