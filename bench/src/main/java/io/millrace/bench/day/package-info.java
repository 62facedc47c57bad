/**
 * {@code millrace bench day}: a day's events as fast as they go, from a generator that costs next to nothing, and the tables
 * compared with what it counted.
 *
 * <p>Stage before: the launcher. Stage after: a {@link io.millrace.bench.process.ServiceProcess}. Owning thread: {@link
 * io.millrace.bench.day.DayGenerator}'s for what is sent and counted; the tool's for the rest. Allocation: none for an event.
 */
package io.millrace.bench.day;
