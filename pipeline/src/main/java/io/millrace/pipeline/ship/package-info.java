/**
 * Shipping: a thread takes what the journal holds, packs it into one block and appends that to the stream.
 *
 * <p>Stage before: the journal. Stage after: the stream store, Redis. Owning thread: one shipper a journal. Allocation:
 * none per event. Here too are the block that a stream entry carries, and the port of this stage, {@link
 * io.millrace.pipeline.ship.EventStream}.
 */
package io.millrace.pipeline.ship;
