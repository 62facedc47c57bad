/**
 * {@code millrace bench cost} and {@code millrace profile}: what an event costs the processors stage by stage, and where in a
 * stage.
 *
 * <p>Stage before: the launcher. Stage after: a {@link io.millrace.bench.process.ServiceProcess} under a load. Owning thread: the
 * tool's. Allocation: free.
 */
package io.millrace.bench.cost;
