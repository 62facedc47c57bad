/**
 * {@code millrace bench growth}: events a second and what an event costs, as one thing grows and all else stays.
 *
 * <p>Stage before: the launcher. Stage after: a {@link io.millrace.bench.load.Load} against a {@link
 * io.millrace.bench.process.ServiceProcess}. Owning thread: the tool's. Allocation: free.
 */
package io.millrace.bench.growth;
