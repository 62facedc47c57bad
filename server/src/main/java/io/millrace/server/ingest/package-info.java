/**
 * The decoders of the ingest port: JSON, NDJSON, beacons and the pixel's query string, compressed or not, become binary
 * events, if they carry a write key. Beside them the script that makes a page send such beacons.
 *
 * <p>Stage before: the HTTP parser, which hands over a body or a query string in place. Stage after: the journal; events
 * go straight into space claimed there, without an event object between. Owning thread: the event loop, each of which
 * has its own {@link io.millrace.server.ingest.EventDecoder}. Allocation: none after construction, but a pooled buffer for a
 * body while it is decompressed.
 */
package io.millrace.server.ingest;
