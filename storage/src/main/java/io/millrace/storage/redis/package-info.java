/**
 * Redis Streams: the adapters that carry blocks from the shippers to the aggregator.
 *
 * <p>Stage before: {@code pipeline.ship}, which appends through {@link io.millrace.pipeline.ship.EventStream}. Stage
 * after: {@code pipeline.window}, which reads through {@link io.millrace.pipeline.window.EventFeed}. Owning threads: each
 * stream belongs to its shipper and the feed to the aggregator, each with a connection of its own. A
 * shipper moves the bytes of its own; one thread of Lettuce moves those of all others. Allocation: a few small objects per command, none per event; a block is copied once on its way
 * out (into the socket buffer) and once on its way in (out of it).
 *
 * <p>Lettuce here is a codec and a socket, no more: it does not reconnect, replay or time out on its own, since a retry is
 * right only after asking what the stream holds.
 */
package io.millrace.storage.redis;
