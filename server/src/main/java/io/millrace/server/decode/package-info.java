/**
 * The decoders: JSON, NDJSON, beacons and the pixel's query string become binary events, straight from the bytes that were
 * read.
 *
 * <p>Stage before: the ingest endpoint, which hands over a body or a query string in place, and space claimed in the journal.
 * Stage after: the journal; there is no event object between. Owning thread: the event loop, each of which has its own
 * {@link io.millrace.server.decode.EventDecoder}. Allocation: none after construction.
 */
package io.millrace.server.decode;
