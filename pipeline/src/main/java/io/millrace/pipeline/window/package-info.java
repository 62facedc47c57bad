/**
 * Windows: the aggregator folds blocks into a table of groups and commits it to the window store.
 *
 * <p>Stage before: the stream that {@code ship} appends to. Stage after: the window store, PostgreSQL. Owning thread: one,
 * the aggregator. Allocation: none per event; the tables grow to the size of a flush and stay. Here too are the ports of
 * this stage, {@link io.millrace.pipeline.window.EventFeed} and {@link io.millrace.pipeline.window.WindowStore}.
 */
package io.millrace.pipeline.window;
